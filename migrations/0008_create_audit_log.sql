CREATE TABLE audit_log (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    at timestamptz NOT NULL DEFAULT now(),
    actor_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    action text NOT NULL,
    subject_id uuid NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT audit_log_action_form CHECK (action ~ '^[a-z_]{1,32}\.[a-z_]{1,32}$'),
    CONSTRAINT audit_log_object CHECK (jsonb_typeof(details) = 'object'),
    CONSTRAINT audit_log_bounded CHECK (pg_column_size(details) <= 8192)
);

CREATE INDEX audit_log_of_subject ON audit_log (subject_id, id DESC);

CREATE FUNCTION refuse_audit_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log only grows: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

COMMENT ON TABLE audit_log IS
    'Who did what to which account or meeting. Only grows; the subject has no foreign key, so entries outlive meetings.';
COMMENT ON COLUMN audit_log.actor_id IS 'NULL for the command line and the system itself.';

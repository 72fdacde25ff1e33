CREATE TABLE accounts (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    email text NOT NULL CONSTRAINT accounts_email_unique UNIQUE,
    display_name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    disabled_at timestamptz,
    sessions_valid_after timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_email_normalised CHECK (
        email = lower(email COLLATE "C") AND octet_length(email) <= 254
        AND email COLLATE "C" ~ '^[!-?A-~]+@[a-z0-9-]+(\.[a-z0-9-]+)+$'
    ),
    CONSTRAINT accounts_display_name_readable CHECK (
        octet_length(display_name) BETWEEN 1 AND 256 AND display_name COLLATE "C" !~ '[[:cntrl:]]'
        AND display_name = btrim(display_name)
    ),
    CONSTRAINT accounts_role_known CHECK (role IN ('admin', 'member')),
    CONSTRAINT accounts_password_hashed CHECK (password_hash LIKE '$argon2id$%')
);

CREATE INDEX accounts_active_admins ON accounts (id) WHERE role = 'admin' AND disabled_at IS NULL;

COMMENT ON TABLE accounts IS 'People who can sign in. Accounts are disabled, never deleted: history refers to them.';
COMMENT ON COLUMN accounts.sessions_valid_after IS
    'The durable part of sessions: those begun earlier are void, whatever Redis or a signed cookie says.';
COMMENT ON COLUMN accounts.password_hash IS 'Argon2id in PHC string format.';

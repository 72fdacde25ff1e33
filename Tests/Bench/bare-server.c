// The least that libmicrohttpd can do: one fixed answer, with the epoll flags and the loop of the API's own server. With
// BENCH_SQL it first reads one row for each request through libpq, on BENCH_LINKS connections a thread, and drops it.
// usage: [BENCH_SQL='SELECT ... WHERE id = $1' BENCH_ID=ID BENCH_LINKS=N] bare-server PORT THREADS BODY [NAME VALUE]...
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_LINKS = 64, MOST_WAITING = 4096 };

// A connection to PostgreSQL and the client that waits for its row, if any.
struct link {
    PGconn *database;
    struct MHD_Connection *client;
};

struct loop {
    int epoll;
    struct link links[MOST_LINKS];
    struct MHD_Connection *waiting[MOST_WAITING];
    unsigned first, end;
};

static struct MHD_Response *answer;
static int listener, link_count;
static const char *sql, *id;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void fail(PGconn *database) {
    fprintf(stderr, "PostgreSQL: %s", PQerrorMessage(database));
    exit(1);
}

static void send_waiting(struct loop *loop) {
    for (int index = 0; index < link_count && loop->first != loop->end; index++) {
        struct link *link = &loop->links[index];
        if (link->client) continue;
        link->client = loop->waiting[loop->first++ % MOST_WAITING];
        if (!PQsendQueryPrepared(link->database, "s", 1, &id, NULL, NULL, 1) || PQflush(link->database) < 0)
            fail(link->database);
    }
}

static void receive(struct loop *loop, struct link *link) {
    if (!PQconsumeInput(link->database)) fail(link->database);
    while (link->client && !PQisBusy(link->database)) {
        PGresult *result = PQgetResult(link->database);
        if (result) {
            if (PQntuples(result) != 1) fail(link->database);
            PQclear(result);
        } else {
            MHD_resume_connection(link->client);
            link->client = NULL;
        }
    }
    send_waiting(loop);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **request) {
    (void)url, (void)method, (void)version, (void)data, (void)size;
    // The first call comes with the head, the second when the request is complete, a third one after the row has come.
    if (*request == NULL) {
        *request = connection;
        return MHD_YES;
    }
    if (!sql || *request == context) return MHD_queue_response(connection, MHD_HTTP_OK, answer);
    struct loop *loop = context;
    *request = context;
    MHD_suspend_connection(connection);
    loop->waiting[loop->end++ % MOST_WAITING] = connection;
    send_waiting(loop);
    return MHD_YES;
}

static void connect_links(struct loop *loop) {
    for (int index = 0; index < link_count; index++) {
        PGconn *database = PQconnectdb("");
        if (PQstatus(database) != CONNECTION_OK) fail(database);
        PGresult *result = PQprepare(database, "s", sql, 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(database);
        PQclear(result);
        PQsetnonblocking(database, 1);
        loop->links[index].database = database;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &loop->links[index]};
        if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, PQsocket(database), &event) < 0) die("epoll");
    }
}

static void *run(void *unused) {
    (void)unused;
    struct loop *loop = calloc(1, sizeof *loop);
    if (!loop) die("calloc");
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, handle, loop, MHD_OPTION_LISTEN_SOCKET,
        dup(listener), MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_WAITING, MHD_OPTION_CONNECTION_TIMEOUT, 80U,
        MHD_OPTION_END);
    if (!daemon) die("MHD_start_daemon");
    int inner = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    struct epoll_event events[MOST_LINKS + 1] = {{.events = EPOLLIN}};
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (loop->epoll < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, inner, events) < 0) die("epoll");
    if (sql) connect_links(loop);
    for (;;) {
        MHD_UNSIGNED_LONG_LONG limit;
        int wait = MHD_get_timeout(daemon, &limit) == MHD_YES && limit < 1000 ? (int)limit : 1000;
        int count = epoll_wait(loop->epoll, events, MOST_LINKS + 1, wait);
        for (int index = 0; index < count; index++)
            if (events[index].data.ptr) receive(loop, events[index].data.ptr);
        MHD_run(daemon);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 4 || count % 2 != 0) return 64;
    sql = getenv("BENCH_SQL"), id = getenv("BENCH_ID");
    link_count = atoi(getenv("BENCH_LINKS") ? getenv("BENCH_LINKS") : "4");
    if (link_count < 1 || link_count > MOST_LINKS) return 64;
    answer = MHD_create_response_from_buffer(strlen(arguments[3]), arguments[3], MHD_RESPMEM_PERSISTENT);
    for (int index = 4; index < count; index += 2)
        MHD_add_response_header(answer, arguments[index], arguments[index + 1]);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1024) < 0)
        die("listen");
    for (int thread = 1; thread < atoi(arguments[2]); thread++) {
        pthread_t handle;
        if (pthread_create(&handle, NULL, run, NULL) != 0) die("pthread_create");
    }
    run(NULL);
}

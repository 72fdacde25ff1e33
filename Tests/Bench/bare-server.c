// The least that libmicrohttpd can do: one fixed answer, with the epoll flags and the loop of the API's own server.
// usage: bare-server PORT THREADS BODY [NAME VALUE]...
#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct MHD_Response *answer;
static int listener;

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **request) {
    (void)context, (void)url, (void)method, (void)version, (void)data, (void)size;
    // The first call comes with the head, the second when the request is complete.
    if (*request == NULL) {
        *request = connection;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, answer);
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void *run(void *unused) {
    (void)unused;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, handle, NULL, MHD_OPTION_LISTEN_SOCKET,
        dup(listener), MHD_OPTION_CONNECTION_LIMIT, 4096U, MHD_OPTION_CONNECTION_TIMEOUT, 80U, MHD_OPTION_END);
    if (!daemon) die("MHD_start_daemon");
    int own = epoll_create1(EPOLL_CLOEXEC), inner = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    struct epoll_event event = {.events = EPOLLIN};
    if (own < 0 || epoll_ctl(own, EPOLL_CTL_ADD, inner, &event) < 0) die("epoll");
    for (;;) {
        MHD_UNSIGNED_LONG_LONG limit;
        int wait = MHD_get_timeout(daemon, &limit) == MHD_YES && limit < 1000 ? (int)limit : 1000;
        epoll_wait(own, &event, 1, wait);
        MHD_run(daemon);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 4 || count % 2 != 0) return 64;
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

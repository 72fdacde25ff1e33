// Listens to a meeting's events on many connections, and measures how long an event takes to reach each of them.
// usage: listeners PORT COUNT ROUNDS MEETING JOIN_PATH
// Guests join (four streams each, which is what one person may have); then one of them writes ROUNDS messages (at most 20), each after the one
// before has reached everyone. Prints "RESULT EVENTS P50 P99" (milliseconds, from the sending of the request) and stays until it is ended.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STREAMS_A_PERSON = 4, PAUSE_MS = 50, LIMIT_MS = 30000 };

static const char EVENT[] = "event: message.sent";
static int port;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int open_connection(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (descriptor < 0) die("socket");
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return descriptor;
}

static void send_all(int descriptor, const char *text) {
    size_t length = strlen(text);
    if (send(descriptor, text, length, MSG_NOSIGNAL) != (ssize_t)length) die("send");
}

// Reads until TEXT has come; what came is in BUFFER. For the few answers before the measuring.
static void read_until(int descriptor, char *buffer, size_t size, const char *text) {
    size_t length = 0;
    while (length + 1 < size) {
        ssize_t got = recv(descriptor, buffer + length, size - 1 - length, 0);
        if (got <= 0) break;
        length += got;
        buffer[length] = 0;
        if (strstr(buffer, text)) return;
    }
    fprintf(stderr, "the API answered:\n%.*s\n", (int)length, buffer);
    exit(1);
}

// Joins as a guest and gives the key to what a participant may do.
static void join(const char *path, char *key, size_t size) {
    char request[512], answer[16384];
    const char *body = "{\"displayName\":\"Listener\"}";
    int descriptor = open_connection();
    snprintf(request, sizeof request,
             "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", path,
             strlen(body), body);
    send_all(descriptor, request);
    read_until(descriptor, answer, sizeof answer, "\"participantKey\":{\"key\":\"");
    char *begin = strstr(answer, "\"participantKey\":{\"key\":\"") + strlen("\"participantKey\":{\"key\":\"");
    size_t length = strcspn(begin, "\"");
    if (begin[length] != '"' || length >= size) {
        fprintf(stderr, "no key in:\n%s\n", answer);
        exit(1);
    }
    memcpy(key, begin, length);
    key[length] = 0;
    close(descriptor);
}

static int listen_to(const char *meeting, const char *key) {
    char request[2048], answer[8192];
    int descriptor = open_connection();
    snprintf(request, sizeof request, "GET /api/v1/meetings/%s/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
             meeting, key);
    send_all(descriptor, request);
    read_until(descriptor, answer, sizeof answer, "event: ready");
    return descriptor;
}

static void write_message(int descriptor, const char *meeting, const char *key) {
    char request[2048];
    const char *body = "{\"text\":\"hello\"}";
    snprintf(request, sizeof request,
             "POST /api/v1/meetings/%s/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             meeting, key, strlen(body), body);
    send_all(descriptor, request);
}

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

// Reads what has come everywhere until COUNT events have, or the limit has passed. Gives how many came.
static int collect(int loop, int count, double begin, double *times) {
    struct epoll_event ready[512];
    char buffer[8192];
    int seen = 0;
    while (seen < count) {
        int found = epoll_wait(loop, ready, 512, 1000);
        double now = now_ms();
        if (now - begin > LIMIT_MS) break;
        for (int index = 0; index < found; index++) {
            ssize_t got = recv(ready[index].data.fd, buffer, sizeof buffer - 1, MSG_DONTWAIT);
            if (got == 0) {
                fprintf(stderr, "a stream ended\n");
                exit(1);
            }
            if (got < 0) continue;
            buffer[got] = 0;
            if (strstr(buffer, EVENT)) times[seen++] = now_ms() - begin;
        }
    }
    return seen;
}

int main(int count_of_arguments, char **arguments) {
    if (count_of_arguments != 6) {
        fprintf(stderr, "usage: listeners PORT COUNT ROUNDS MEETING JOIN_PATH\n");
        return 2;
    }
    port = atoi(arguments[1]);
    int count = atoi(arguments[2]), rounds = atoi(arguments[3]), loop = epoll_create1(0);
    struct rlimit files = {count + 100, count + 100};
    if (setrlimit(RLIMIT_NOFILE, &files) < 0) die("setrlimit");
    char key[1024] = "";
    for (int index = 0; index < count; index++) {
        if (index % STREAMS_A_PERSON == 0) join(arguments[5], key, sizeof key);
        int descriptor = listen_to(arguments[4], key);
        // By edge: else each is looked at a second time after it was read, on the cores that are measured.
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = descriptor};
        if (epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event) < 0) die("epoll_ctl");
    }
    double *times = calloc((size_t)count * rounds, sizeof *times);
    int events = 0;
    for (int round = 0; round < rounds; round++) {
        int writer = open_connection();
        double begin = now_ms();
        write_message(writer, arguments[4], key);
        int seen = collect(loop, count, begin, times + events);
        if (seen != count) {
            fprintf(stderr, "%d of %d listeners got the event\n", seen, count);
            return 1;
        }
        events += seen;
        close(writer);
        usleep(PAUSE_MS * 1000);
    }
    qsort(times, events, sizeof *times, by_size);
    printf("RESULT %d %.2f %.2f\n", events, times[events / 2], times[(int)(events * 0.99)]);
    fflush(stdout);
    pause();
}

// Listens to a meeting's events on many connections, and measures how long an event takes to reach each of them.
// usage: listeners PORT COUNT ROUNDS MEETING JOIN_PATH
// Guests join (four streams each, which is what one person may have); then ROUNDS messages are written, by another guest each time (a person may write
// 20 at once), each after the one before has reached everyone. Prints "RESULT EVENTS P50 P99 READ_P99" and stays until it is ended: milliseconds from the sending of the request until
// the kernel put the event into the listener's queue (SO_TIMESTAMPNS, socket(7)); the last until this program, one for all listeners, had read it.
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

enum { STREAMS_A_PERSON = 4, KEY_SIZE = 1024, PAUSE_MS = 50, LIMIT_MS = 30000 };

static const char EVENT[] = "event: message.sent";
static int port;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double milliseconds(struct timespec time) { return time.tv_sec * 1e3 + time.tv_nsec / 1e6; }

// Of the clock that the kernel stamps what it receives with.
static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return milliseconds(time);
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
static void join(const char *path, char key[KEY_SIZE]) {
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
    if (begin[length] != '"' || length >= KEY_SIZE) {
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
    int yes = 1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) < 0) die("SO_TIMESTAMPNS");
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

// Reads like recv, and sets when the last of it arrived.
static ssize_t read_stamped(int descriptor, char *buffer, size_t size, double *arrived) {
    char control[64] __attribute__((aligned(8)));
    struct iovec part = {buffer, size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t got = recvmsg(descriptor, &message, MSG_DONTWAIT);
    struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    struct timespec time;
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) {
        memcpy(&time, CMSG_DATA(header), sizeof time);
        *arrived = milliseconds(time);
    } else if (got > 0) {
        fprintf(stderr, "the kernel did not say when an event arrived\n");
        exit(1);
    }
    return got;
}

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

// Reads what has come everywhere until COUNT events have, or the limit has passed. Gives how many came.
static int collect(int loop, int count, double begin, double *arrivals, double *reads) {
    struct epoll_event ready[512];
    char buffer[8192];
    int seen = 0;
    while (seen < count) {
        int found = epoll_wait(loop, ready, 512, 1000);
        double now = now_ms();
        if (now - begin > LIMIT_MS) break;
        for (int index = 0; index < found; index++) {
            double arrived;
            ssize_t got = read_stamped(ready[index].data.fd, buffer, sizeof buffer - 1, &arrived);
            if (got == 0) {
                fprintf(stderr, "a stream ended\n");
                exit(1);
            }
            if (got < 0) continue;
            buffer[got] = 0;
            if (!strstr(buffer, EVENT)) continue;
            arrivals[seen] = arrived - begin;
            reads[seen++] = now_ms() - begin;
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
    int people = (count + STREAMS_A_PERSON - 1) / STREAMS_A_PERSON;
    char(*keys)[KEY_SIZE] = calloc(people, sizeof *keys);
    for (int index = 0; index < count; index++) {
        char *key = keys[index / STREAMS_A_PERSON];
        if (index % STREAMS_A_PERSON == 0) join(arguments[5], key);
        int descriptor = listen_to(arguments[4], key);
        // By edge: else each is looked at a second time after it was read, on the cores that are measured.
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = descriptor};
        if (epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event) < 0) die("epoll_ctl");
    }
    double *arrivals = calloc((size_t)count * rounds, sizeof *arrivals), *reads = calloc((size_t)count * rounds, sizeof *reads);
    int events = 0;
    for (int round = 0; round < rounds; round++) {
        int writer = open_connection();
        double begin = now_ms();
        write_message(writer, arguments[4], keys[round % people]);
        int seen = collect(loop, count, begin, arrivals + events, reads + events);
        if (seen != count) {
            fprintf(stderr, "%d of %d listeners got the event\n", seen, count);
            return 1;
        }
        events += seen;
        close(writer);
        usleep(PAUSE_MS * 1000);
    }
    qsort(arrivals, events, sizeof *arrivals, by_size);
    qsort(reads, events, sizeof *reads, by_size);
    int p99 = events * 0.99;
    printf("RESULT %d %.2f %.2f %.2f\n", events, arrivals[events / 2], arrivals[p99], reads[p99]);
    fflush(stdout);
    pause();
}

// The limit of the events' figure: sends a ready-made event to every connection that listens, and does nothing else.
// usage: bare-fanout PORT THREADS
// Speaks as much of the API as listeners.c does: who joins gets a key, GET listens, and a message makes each thread send its share.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_THREADS = 64, MOST_LISTENERS = 20000 };

static const char JOINED[] = "HTTP/1.1 201 Created\r\nContent-Length: 29\r\n\r\n{\"participantKey\":{\"key\":\"k\"}}";
static const char READY[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: ready\ndata: {}\n\n";
// As long as the API's.
static const char EVENT[] =
    "id: 1795516969123-0\nevent: message.sent\ndata: {\"at\":\"2026-11-24T10:00:00.000Z\",\"messageId\":\"0199f0c4-11d8-7b02-8f4a-2f6b7c9d0e13\"}\n\n";

struct share {
    int wake, count, listeners[MOST_LISTENERS];
};

static struct share shares[MOST_THREADS];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void *serve(void *argument) {
    struct share *share = argument;
    unsigned long times;
    while (read(share->wake, &times, sizeof times) == sizeof times)
        for (int index = 0; index < share->count; index++)
            send(share->listeners[index], EVENT, sizeof EVENT - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    return NULL;
}

int main(int count_of_arguments, char **arguments) {
    if (count_of_arguments != 3) {
        fprintf(stderr, "usage: bare-fanout PORT THREADS\n");
        return 2;
    }
    int threads = atoi(arguments[2]), listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1, next = 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (threads < 1 || threads > MOST_THREADS) threads = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1024) < 0) die("bind");
    for (int index = 0; index < threads; index++) {
        pthread_t thread;
        shares[index].wake = eventfd(0, 0);
        if (pthread_create(&thread, NULL, serve, &shares[index])) die("pthread_create");
    }
    for (;;) {
        char request[4096];
        int descriptor = accept(listener, NULL, NULL);
        if (descriptor < 0) die("accept");
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        ssize_t length = recv(descriptor, request, sizeof request - 1, 0);
        request[length > 0 ? length : 0] = 0;
        if (!strncmp(request, "GET", 3) && shares[next].count < MOST_LISTENERS) {
            send(descriptor, READY, sizeof READY - 1, MSG_NOSIGNAL);
            shares[next].listeners[shares[next].count++] = descriptor;
            next = (next + 1) % threads;
        } else if (!strncmp(request, "POST", 4) && strstr(request, "/messages")) {
            unsigned long once = 1;
            for (int index = 0; index < threads; index++)
                if (write(shares[index].wake, &once, sizeof once) < 0) die("write");
        } else {
            send(descriptor, JOINED, sizeof JOINED - 1, MSG_NOSIGNAL);
        }
    }
}

// Linux interfaces that Swift's Glibc module leaves out, and C globals that Swift 6 refuses to read. No logic.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>

static inline FILE *lkc_stdout(void) { return stdout; }
static inline FILE *lkc_stderr(void) { return stderr; }

// Variadic in C: prctl(2) with PR_SET_NAME, which cuts the name to 15 bytes.
static inline void lkc_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// The results of getopt_long(3) are mutable globals. Setting optind to 0 makes the next call start over.
static inline void lkc_getopt_reset(void) { optind = 0; opterr = 0; }
static inline int lkc_getopt_index(void) { return optind; }
static inline const char *lkc_getopt_argument(void) { return optarg; }

// libmicrohttpd 0.9.75 and newer. Variadic functions, and what the two series spell differently, get one typed form here.
#pragma once
#include <stdarg.h>
#include <stdio.h>
#include <microhttpd.h>

// Where log lines go. It must live as long as the daemon.
struct lkc_mhd_log {
    void (*write)(void *context, const char *line);
    void *context;
};

// va_list differs between architectures, so lines are formatted here.
static inline void lkc_mhd_write_log(void *log, const char *format, va_list arguments) {
    const struct lkc_mhd_log *destination = log;
    char line[512];
    vsnprintf(line, sizeof line, format, arguments);
    destination->write(destination->context, line);
}

struct lkc_mhd_settings {
    int listen_descriptor;
    unsigned int connection_limit;
    unsigned int idle_timeout_seconds;
    size_t connection_memory_limit;
    void *context;
    MHD_AcceptPolicyCallback accept_policy;
    MHD_AccessHandlerCallback handler;
    void *(*target_callback)(void *context, const char *target, struct MHD_Connection *connection);
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection_changed;
    struct lkc_mhd_log *log;
};

// The strictest parsing that each series offers.
#if MHD_VERSION >= 0x00097701
#define LKC_MHD_STRICT MHD_OPTION_CLIENT_DISCIPLINE_LVL, 2
#else
#define LKC_MHD_STRICT MHD_OPTION_STRICT_FOR_CLIENT, 1
#endif

// One daemon with an epoll instance and without a thread of its own. The logger comes first, so that it hears of all else.
static inline struct MHD_Daemon *lkc_mhd_start(const struct lkc_mhd_settings *settings) {
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO | MHD_USE_ERROR_LOG, 0, settings->accept_policy,
        settings->context, settings->handler, settings->context,
        MHD_OPTION_EXTERNAL_LOGGER, lkc_mhd_write_log, settings->log,
        MHD_OPTION_LISTEN_SOCKET, settings->listen_descriptor,
        MHD_OPTION_CONNECTION_LIMIT, settings->connection_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, settings->idle_timeout_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->connection_memory_limit,
        MHD_OPTION_URI_LOG_CALLBACK, settings->target_callback, settings->context,
        MHD_OPTION_UNESCAPE_CALLBACK, settings->unescape, settings->context,
        MHD_OPTION_NOTIFY_COMPLETED, settings->completed, settings->context,
        MHD_OPTION_NOTIFY_CONNECTION, settings->connection_changed, settings->context,
        LKC_MHD_STRICT,
        MHD_OPTION_END);
}

static inline int lkc_mhd_epoll_descriptor(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

static inline int lkc_mhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *lkc_mhd_client_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

// How many bytes the request's head has, from the method's first to the empty line's last; 0 when that isn't known.
static inline size_t lkc_mhd_head_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

static inline void *lkc_mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static inline uint64_t lkc_mhd_unknown_size(void) { return MHD_SIZE_UNKNOWN; }
static inline ssize_t lkc_mhd_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
static inline ssize_t lkc_mhd_end_with_error(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }

static inline int lkc_mhd_is_new_connection(enum MHD_ConnectionNotificationCode code) {
    return code == MHD_CONNECTION_NOTIFY_STARTED;
}

// Before 1.0 a line's text ended for libmicrohttpd at its first NUL; later releases refuse NUL themselves.
static inline int lkc_mhd_truncates_at_nul(void) { return MHD_VERSION < 0x01000000; }

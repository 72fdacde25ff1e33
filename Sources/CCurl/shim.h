#pragma once
#include <curl/curl.h>

/*
 * curl_easy_setopt() and its relatives are variadic, which Swift can't call. The parentheses around the names get past
 * the type-checking macros of the headers; each function here fixes the one type that it takes.
 */

static inline CURLcode lkc_easy_set_long(CURL *easy, CURLoption option, long value)
{
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode lkc_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value)
{
    return (curl_easy_setopt)(easy, option, value);
}

/* libcurl copies the string. */
static inline CURLcode lkc_easy_set_string(CURL *easy, CURLoption option, const char *value)
{
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode lkc_easy_set_pointer(CURL *easy, CURLoption option, void *value)
{
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode lkc_easy_set_write(CURL *easy, CURLoption option, curl_write_callback callback)
{
    return (curl_easy_setopt)(easy, option, callback);
}

static inline CURLcode lkc_easy_set_read(CURL *easy, curl_read_callback callback)
{
    return (curl_easy_setopt)(easy, CURLOPT_READFUNCTION, callback);
}

static inline CURLcode lkc_easy_set_seek(CURL *easy, curl_seek_callback callback)
{
    return (curl_easy_setopt)(easy, CURLOPT_SEEKFUNCTION, callback);
}

static inline CURLcode lkc_easy_set_prerequest(CURL *easy, curl_prereq_callback callback)
{
    return (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLMcode lkc_multi_set_long(CURLM *multi, CURLMoption option, long value)
{
    return (curl_multi_setopt)(multi, option, value);
}

static inline CURLMcode lkc_multi_set_pointer(CURLM *multi, CURLMoption option, void *value)
{
    return (curl_multi_setopt)(multi, option, value);
}

static inline CURLMcode lkc_multi_set_socket_callback(CURLM *multi, curl_socket_callback callback)
{
    return (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

static inline CURLMcode lkc_multi_set_timer_callback(CURLM *multi, curl_multi_timer_callback callback)
{
    return (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, callback);
}

static inline CURLcode lkc_easy_get_certinfo(CURL *easy, struct curl_certinfo **chain)
{
    return (curl_easy_getinfo)(easy, CURLINFO_CERTINFO, chain);
}

static inline size_t lkc_write_pause(void) { return CURL_WRITEFUNC_PAUSE; }
static inline size_t lkc_read_pause(void) { return CURL_READFUNC_PAUSE; }
static inline size_t lkc_read_abort(void) { return CURL_READFUNC_ABORT; }

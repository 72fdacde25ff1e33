#pragma once
#include <cjose/cjose.h>
#include <jansson.h>

/* The names are mutable globals in cjose, which Swift 6 can't read safely; the library never changes them. */
static inline const char *lkc_cjose_header_alg(void) { return CJOSE_HDR_ALG; }
static inline const char *lkc_cjose_alg_hs256(void) { return CJOSE_HDR_ALG_HS256; }

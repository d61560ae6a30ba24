/* Writes JSON to standard output, a value at a time; commas put themselves. */
#ifndef RUNT_PROBE_JSON_H
#define RUNT_PROBE_JSON_H

#include <stdbool.h>
#include <stdint.h>

/* `key` is NULL for an element of a list */
void json_open(const char *key, char bracket);
void json_close(char bracket);
void json_text(const char *key, const char *text);
void json_bytes(const char *key, const char *bytes, uint64_t length);
void json_number(const char *key, int64_t number);
void json_flag(const char *key, bool flag);
/* what the last system call said: its result, or its errno by name of "errno" */
void json_outcome(const char *key, int64_t result);
void json_flush(void);

#endif

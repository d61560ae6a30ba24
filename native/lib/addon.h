/*
 * What the Node-API face of librunt shares: the arguments of a call and its answer. Arguments are
 * checked here and nowhere else; what goes wrong in the kernel is returned as -errno, and
 * kernel/librunt.ts makes errors of it.
 */
#ifndef ADDON_H
#define ADDON_H

#include "librunt.h"

#include <node_api.h>

#define MAX_ARGUMENTS 8

struct call {
	napi_env env;
	napi_value arguments[MAX_ARGUMENTS];
	size_t count;
	bool wrong; /* an argument was not what its place asks for */
};

struct call open_call(napi_env env, napi_callback_info info);
int64_t take_number(struct call *call, size_t index);
int take_int(struct call *call, size_t index);
void take_string(struct call *call, size_t index, char *buffer, size_t size);
void *take_array(struct call *call, size_t index, napi_typedarray_type wanted, size_t *length);
napi_value throw_wrong(napi_env env);
napi_value number(napi_env env, double value);
void set_number(napi_env env, napi_value object, const char *name, double value);
napi_value in_folder(napi_env env, napi_callback_info info, int (*act)(int, const char *));

struct addon_function {
	const char *name;
	napi_callback call;
};

/* Each ends with a nameless one. */
extern const struct addon_function conversation_functions[], process_functions[],
    attach_functions[], network_functions[], host_functions[], file_functions[],
    foreign_functions[], command_functions[], report_functions[];

#endif

/* The arguments of a call and its answer: see addon.h. */
#include "addon.h"

#include <string.h>

struct call open_call(napi_env env, napi_callback_info info)
{
	struct call call = {.env = env, .count = MAX_ARGUMENTS};

	if (napi_get_cb_info(env, info, &call.count, call.arguments, NULL, NULL) != napi_ok)
		call.wrong = true;
	return call;
}

int64_t take_number(struct call *call, size_t index)
{
	double value = 0;

	if (index >= call->count ||
	    napi_get_value_double(call->env, call->arguments[index], &value) != napi_ok ||
	    !(value >= -9007199254740991.0 && value <= 9007199254740991.0))
		call->wrong = true;
	return call->wrong ? 0 : (int64_t)value;
}

int take_int(struct call *call, size_t index)
{
	int64_t value = take_number(call, index);

	if (value < INT32_MIN || value > INT32_MAX)
		call->wrong = true;
	return (int)value;
}

void take_string(struct call *call, size_t index, char *buffer, size_t size)
{
	size_t length = 0;

	*buffer = '\0';
	if (index >= call->count ||
	    napi_get_value_string_utf8(call->env, call->arguments[index], buffer, size, &length) !=
		napi_ok ||
	    /* cut short, or a NUL inside */
	    length + 1 >= size || strlen(buffer) != length)
		call->wrong = true;
}

void *take_array(struct call *call, size_t index, napi_typedarray_type wanted, size_t *length)
{
	napi_typedarray_type type;
	void *data = NULL;

	if (index >= call->count ||
	    napi_get_typedarray_info(call->env, call->arguments[index], &type, length, &data, NULL,
				     NULL) != napi_ok ||
	    type != wanted)
		call->wrong = true;
	return data;
}

napi_value throw_wrong(napi_env env)
{
	napi_throw_type_error(env, NULL, "librunt: wrong argument");
	return NULL;
}

napi_value number(napi_env env, double value)
{
	napi_value result = NULL;

	napi_create_double(env, value, &result);
	return result;
}

void set_number(napi_env env, napi_value object, const char *name, double value)
{
	napi_set_named_property(env, object, name, number(env, value));
}

/* Of functions that take a folder's descriptor and a name in it. */
napi_value in_folder(napi_env env, napi_callback_info info, int (*act)(int, const char *))
{
	struct call call = open_call(env, info);
	char name[64];
	int folder = take_int(&call, 0);

	take_string(&call, 1, name, sizeof(name));
	return call.wrong ? throw_wrong(env) : number(env, act(folder, name));
}

/*
 * Node-API over QuickJS: of it, what librunt uses, so that the same librunt serves Node and the
 * executable. https://nodejs.org/api/n-api.html has what each does.
 *
 * Values live until the call into librunt that made them is over.
 */
#include "engine.h"

#include <node_api.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FUNCTIONS 128
#define VALUES 60

/* On the stack for most calls; a list of a thousand names takes more of them. */
struct values {
	struct values *before;
	size_t used;
	JSValue values[VALUES];
};

struct napi_env__ {
	JSContext *context;
	struct values *values;
	/* of Uint8ClampedArray; the other typed arrays follow, as in JSTypedArrayEnum */
	JSClassID first_array;
};

struct napi_callback_info__ {
	int argc;
	JSValueConst *argv;
};

/* native/lib/addon.c */
napi_value napi_register_module_v1(napi_env env, napi_value exports);

static struct napi_env__ environment;
static napi_callback functions[MAX_FUNCTIONS];
static int function_count;

static JSValue *value_of(napi_value value)
{
	return (JSValue *)(void *)value;
}

/* Takes the value over. */
static napi_status give(napi_env env, JSValue value, napi_value *result)
{
	if (JS_IsException(value))
		return napi_pending_exception;
	if (env->values->used == VALUES) {
		struct values *more = malloc(sizeof(*more));

		if (!more) {
			JS_FreeValue(env->context, value);
			return napi_generic_failure;
		}
		more->before = env->values;
		more->used = 0;
		env->values = more;
	}
	JSValue *slot = &env->values->values[env->values->used++];

	*slot = value;
	*result = (napi_value)(void *)slot;
	return napi_ok;
}

static void free_values(napi_env env, const struct values *values)
{
	for (size_t i = 0; i < values->used; i++)
		JS_FreeValue(env->context, values->values[i]);
}

static void open_values(napi_env env, struct values *first)
{
	first->before = env->values;
	first->used = 0;
	env->values = first;
}

static void close_values(napi_env env, struct values *first)
{
	while (env->values != first) {
		struct values *more = env->values;

		env->values = more->before;
		free_values(env, more);
		free(more);
	}
	free_values(env, first);
	env->values = first->before;
}

static JSValue call_function(JSContext *context, JSValueConst self, int argc, JSValueConst *argv,
			     int index)
{
	napi_env env = &environment;
	struct napi_callback_info__ info = {argc, argv};
	struct values values;

	(void)self;
	open_values(env, &values);
	napi_value result = functions[index](env, &info);
	JSValue value = result ? JS_DupValue(context, *value_of(result)) : JS_UNDEFINED;

	close_values(env, &values);
	if (!JS_HasException(context))
		return value;
	JS_FreeValue(context, value);
	return JS_EXCEPTION;
}

napi_status napi_create_function(napi_env env, const char *name, size_t length, napi_callback call,
				 void *data, napi_value *result)
{
	(void)length;
	(void)data;
	if (function_count == MAX_FUNCTIONS)
		return napi_generic_failure;
	functions[function_count] = call;
	return give(env,
		    JS_NewCFunctionMagic(env->context, call_function, name, 0,
					 JS_CFUNC_generic_magic, function_count++),
		    result);
}

napi_status napi_get_cb_info(napi_env env, napi_callback_info info, size_t *argc, napi_value *argv,
			     napi_value *this_arg, void **data)
{
	size_t wanted = *argc;

	(void)this_arg;
	(void)data;
	*argc = (size_t)info->argc;
	for (size_t i = 0; i < wanted; i++) {
		JSValue value = i < (size_t)info->argc ? JS_DupValue(env->context, info->argv[i])
						       : JS_UNDEFINED;
		napi_status status = give(env, value, &argv[i]);

		if (status != napi_ok)
			return status;
	}
	return napi_ok;
}

napi_status napi_get_value_double(napi_env env, napi_value value, double *result)
{
	if (!JS_IsNumber(*value_of(value)))
		return napi_number_expected;
	return JS_ToFloat64(env->context, result, *value_of(value)) < 0 ? napi_generic_failure
									: napi_ok;
}

napi_status napi_get_value_string_utf8(napi_env env, napi_value value, char *buffer, size_t size,
				       size_t *result)
{
	size_t length;

	if (!JS_IsString(*value_of(value)))
		return napi_string_expected;
	const char *text = JS_ToCStringLen(env->context, &length, *value_of(value));

	if (!text)
		return napi_generic_failure;
	if (buffer && size > 0) {
		if (length > size - 1)
			length = size - 1;
		memcpy(buffer, text, length);
		buffer[length] = '\0';
	}
	if (result)
		*result = length;
	JS_FreeCString(env->context, text);
	return napi_ok;
}

static bool typed_array_type(uint32_t index, napi_typedarray_type *type)
{
	switch (index) {
	case JS_TYPED_ARRAY_UINT8:
		*type = napi_uint8_array;
		return true;
	case JS_TYPED_ARRAY_INT32:
		*type = napi_int32_array;
		return true;
	case JS_TYPED_ARRAY_UINT32:
		*type = napi_uint32_array;
		return true;
	case JS_TYPED_ARRAY_FLOAT64:
		*type = napi_float64_array;
		return true;
	case JS_TYPED_ARRAY_BIG_INT64:
		*type = napi_bigint64_array;
		return true;
	case JS_TYPED_ARRAY_BIG_UINT64:
		*type = napi_biguint64_array;
		return true;
	default:
		return false;
	}
}

napi_status napi_get_typedarray_info(napi_env env, napi_value value, napi_typedarray_type *type,
				     size_t *length, void **data, napi_value *buffer,
				     size_t *offset)
{
	JSClassID class_id = 0;
	size_t start, size, element, whole;

	(void)buffer;
	(void)offset;
	JS_GetAnyOpaque(*value_of(value), &class_id);
	if (class_id < env->first_array ||
	    !typed_array_type((uint32_t)(class_id - env->first_array), type))
		return napi_invalid_arg;
	JSValue memory =
	    JS_GetTypedArrayBuffer(env->context, *value_of(value), &start, &size, &element);

	if (JS_IsException(memory))
		return napi_pending_exception;
	uint8_t *bytes = JS_GetArrayBuffer(env->context, &whole, memory);

	JS_FreeValue(env->context, memory);
	if (!bytes && whole > 0)
		return napi_pending_exception;
	*data = bytes ? bytes + start : NULL;
	*length = size / element;
	return napi_ok;
}

napi_status napi_create_double(napi_env env, double value, napi_value *result)
{
	/* small whole numbers have a cheaper form */
	if (value >= INT32_MIN && value <= INT32_MAX && (double)(int32_t)value == value)
		return give(env, JS_NewInt32(env->context, (int32_t)value), result);
	return give(env, JS_NewFloat64(env->context, value), result);
}

napi_status napi_create_string_utf8(napi_env env, const char *text, size_t length,
				    napi_value *result)
{
	if (length == NAPI_AUTO_LENGTH)
		length = strlen(text);
	return give(env, text_of_utf8(env->context, text, length), result);
}

napi_status napi_create_string_latin1(napi_env env, const char *text, size_t length,
				      napi_value *result)
{
	if (length == NAPI_AUTO_LENGTH)
		length = strlen(text);
	/* a byte above 127 takes two in UTF-8 */
	char *utf8 = js_malloc(env->context, length * 2 + 1);
	size_t used = 0;

	if (!utf8)
		return napi_pending_exception;
	for (size_t i = 0; i < length; i++) {
		uint8_t byte = (uint8_t)text[i];

		if (byte >= 0x80)
			utf8[used++] = (char)(0xc0 | byte >> 6);
		utf8[used++] = (char)(byte < 0x80 ? byte : 0x80 | (byte & 0x3f));
	}
	JSValue value = JS_NewStringLen(env->context, utf8, used);

	js_free(env->context, utf8);
	return give(env, value, result);
}

napi_status napi_create_object(napi_env env, napi_value *result)
{
	return give(env, JS_NewObject(env->context), result);
}

napi_status napi_create_array(napi_env env, napi_value *result)
{
	return give(env, JS_NewArray(env->context), result);
}

napi_status napi_get_null(napi_env env, napi_value *result)
{
	return give(env, JS_NULL, result);
}

napi_status napi_get_boolean(napi_env env, bool value, napi_value *result)
{
	return give(env, JS_NewBool(env->context, value), result);
}

napi_status napi_set_named_property(napi_env env, napi_value object, const char *name,
				    napi_value value)
{
	int set =
	    JS_DefinePropertyValueStr(env->context, *value_of(object), name,
				      JS_DupValue(env->context, *value_of(value)), JS_PROP_C_W_E);

	return set < 0 ? napi_pending_exception : napi_ok;
}

napi_status napi_set_element(napi_env env, napi_value object, uint32_t index, napi_value value)
{
	int set = JS_DefinePropertyValueUint32(env->context, *value_of(object), index,
					       JS_DupValue(env->context, *value_of(value)),
					       JS_PROP_C_W_E);

	return set < 0 ? napi_pending_exception : napi_ok;
}

napi_status napi_throw_type_error(napi_env env, const char *code, const char *message)
{
	(void)code;
	JS_ThrowTypeError(env->context, "%s", message);
	return napi_ok;
}

JSValue make_librunt(JSContext *context)
{
	napi_env env = &environment;
	struct values values;

	env->context = context;
	/* it reads three arguments, whatever their number */
	JSValueConst empty[] = {JS_NewInt32(context, 0), JS_UNDEFINED, JS_UNDEFINED};
	JSValue sample = JS_NewTypedArray(context, 1, empty, JS_TYPED_ARRAY_UINT8C);

	JS_GetAnyOpaque(sample, &env->first_array);
	JS_FreeValue(context, sample);
	open_values(env, &values);
	napi_value exports = NULL;

	JSValue result = JS_EXCEPTION;

	if (napi_create_object(env, &exports) == napi_ok) {
		napi_register_module_v1(env, exports);
		result = JS_DupValue(context, *value_of(exports));
	}
	close_values(env, &values);
	return result;
}

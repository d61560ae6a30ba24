/* Programs of the host, as Node-API has them: see librunt.h. */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The words of a text in which a NUL ends each; the list is the caller's to free. */
static char **words_of(char *text, size_t size)
{
	size_t count = 0;

	for (size_t at = 0; at < size; at++)
		count += text[at] == '\0';
	char **words = calloc(count + 1, sizeof(*words));

	if (!words)
		return NULL;
	for (size_t i = 0, at = 0; i < count; i++, at += strlen(text + at) + 1)
		words[i] = text + at;
	return words;
}

static void set_text(napi_env env, napi_value object, const char *name, const struct output *output)
{
	napi_value text = NULL;

	napi_create_string_utf8(env, output->text ? output->text : "", output->size, &text);
	napi_set_named_property(env, object, name, text);
}

/* command(words): { status, stdout, stderr }, or -errno. */
static napi_value js_command(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t size = 0;
	char *text = take_array(&call, 0, napi_uint8_array, &size);
	struct output outputs[2] = {{NULL, 0}, {NULL, 0}};
	int status = 0;
	napi_value result = NULL;

	if (call.wrong || size < 2 || text[size - 1] != '\0')
		return throw_wrong(env);
	char **words = words_of(text, size);

	if (!words)
		return number(env, -ENOMEM);
	int error = runt_command(words, outputs, &status);

	if (error < 0) {
		result = number(env, error);
	} else {
		napi_create_object(env, &result);
		set_number(env, result, "status", status);
		set_text(env, result, "stdout", &outputs[0]);
		set_text(env, result, "stderr", &outputs[1]);
	}
	free(words);
	free(outputs[0].text);
	free(outputs[1].text);
	return result;
}

const struct addon_function command_functions[] = {
    {"command", js_command},
    {0},
};

/*
 * The program's modules, compiled when runt was built (compile.c) and read when they are asked for.
 *
 * The image: u32 count, then for each module u32 offset and size of its name and of its code,
 * counted from the image's begin; the first is the program.
 */
#include "engine.h"

#include <string.h>

/* code_image.S */
extern const uint8_t code_image[];

struct entry {
	uint32_t name, name_size, code, code_size;
};

static uint32_t word(size_t index)
{
	uint32_t value;

	memcpy(&value, code_image + index * sizeof(value), sizeof(value));
	return value;
}

static struct entry entry_at(uint32_t index)
{
	size_t at = 1 + (size_t)index * 4;

	return (struct entry){word(at), word(at + 1), word(at + 2), word(at + 3)};
}

static JSValue read_module(JSContext *context, struct entry entry)
{
	return JS_ReadObject(context, code_image + entry.code, entry.code_size,
			     JS_READ_OBJ_BYTECODE | JS_READ_OBJ_ROM_DATA);
}

JSModuleDef *load_module(JSContext *context, const char *name, void *opaque)
{
	size_t size = strlen(name);

	(void)opaque;
	for (uint32_t i = 0; i < word(0); i++) {
		struct entry entry = entry_at(i);

		if (entry.name_size != size || memcmp(code_image + entry.name, name, size) != 0)
			continue;
		JSValue module = read_module(context, entry);

		if (JS_IsException(module))
			return NULL;
		/* the context keeps it */
		JSModuleDef *definition = JS_VALUE_GET_PTR(module);

		JS_FreeValue(context, module);
		return definition;
	}
	JS_ThrowReferenceError(context, "no module %s in this executable", name);
	return NULL;
}

/* importModule(name): as import(), a promise of what the module exports. */
static JSValue import_module(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	(void)self;
	const char *name = argc < 1 ? NULL : JS_ToCString(context, argv[0]);

	if (!name)
		return JS_ThrowTypeError(context, "importModule takes a name");
	JSValue module = JS_LoadModule(context, "", name);

	JS_FreeCString(context, name);
	return module;
}

/* A promise of the first module's end. */
JSValue run_program(JSContext *context)
{
	JSValue global = JS_GetGlobalObject(context);

	JS_SetPropertyStr(context, global, "importModule",
			  JS_NewCFunction(context, import_module, "importModule", 1));
	JS_FreeValue(context, global);
	JSValue module = read_module(context, entry_at(0));

	if (JS_IsException(module))
		return module;
	if (JS_ResolveModule(context, module) < 0) {
		JS_FreeValue(context, module);
		return JS_EXCEPTION;
	}
	return JS_EvalFunction(context, module);
}

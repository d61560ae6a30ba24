/* The Node-API face of librunt: what it is made of. Each subject has a file of its own. */
#include "addon.h"

static void add_functions(napi_env env, napi_value exports, const struct addon_function *functions)
{
	for (; functions->name; functions++) {
		napi_value function;

		napi_create_function(env, functions->name, NAPI_AUTO_LENGTH, functions->call, NULL,
				     &function);
		napi_set_named_property(env, exports, functions->name, function);
	}
}

/* what NAPI_MODULE_INIT would write, with the prototype that our warnings ask for */
NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports);

napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
	static const struct addon_function *const tables[] = {
	    conversation_functions, process_functions, attach_functions,
	    network_functions,	    host_functions,    file_functions,
	    foreign_functions,	    command_functions, report_functions,
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		add_functions(env, exports, tables[i]);
	return exports;
}

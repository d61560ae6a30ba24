/*
 * A container's only program in the conformance tests: says as JSON what it finds around it, and
 * does what its arguments ask for, each a verb and its words ("write /etc/passwd", "syscall 110").
 *
 * Facts come from system calls wherever there is one, so that a container without /proc can be
 * asked, too.
 */
#include <sys/stat.h>
#include <unistd.h>
#include "json.h"
#include "probe.h"

extern char **environ;

static void report_words(const char *key, char **words)
{
	json_open(key, '[');
	for (; *words; words++)
		json_text(NULL, *words);
	json_close(']');
}

static void report_process(char **argv)
{
	char folder[4096];
	mode_t mask = umask(0);

	umask(mask);
	report_words("argv", argv);
	report_words("env", environ);
	json_text("cwd", getcwd(folder, sizeof(folder)) ? folder : "");
	json_number("umask", mask);
}

int main(int argc, char **argv)
{
	int status = 0;

	(void)argc;
	json_open(NULL, '{');
	/* first, before anything else is opened */
	report_descriptors();
	report_process(argv);
	report_identity();
	report_capabilities();
	report_limits();
	report_signals();
	report_scheduling();
	report_memory_policy();
	report_keyring();
	report_terminal();
	report_namespaces();
	report_mounts();
	report_devices();
	report_system();
	report_network();
	json_open("acts", '[');
	for (char **words = argv + 1; *words; words++)
		status |= act(*words);
	json_close(']');
	json_close('}');
	json_flush();
	return status;
}

/*
 * The life of containers by a runtime's commands, one after another, as a program would have it:
 * create, start, wait for the end of its process, delete. lifecycle RUNTIME ROOT BUNDLE NAME COUNT.
 * Ends with 1 where one of them fails.
 */
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* False when it fails. */
static bool call(char *const *words)
{
	pid_t pid;
	int status;

	return posix_spawn(&pid, words[0], NULL, NULL, words, environ) == 0 &&
	       waitpid(pid, &status, 0) == pid && status == 0;
}

/* Of a process that is not our child. */
static bool wait_for(const char *pid_file)
{
	char text[32] = {0};
	int file = open(pid_file, O_RDONLY | O_CLOEXEC);

	if (file < 0 || read(file, text, sizeof(text) - 1) <= 0)
		return false;
	close(file);
	struct pollfd event = {.events = POLLIN};

	event.fd = (int)syscall(SYS_pidfd_open, atoi(text), 0);
	/* it has ended, and somebody has reaped it */
	if (event.fd < 0)
		return true;
	bool is = poll(&event, 1, -1) == 1;

	close(event.fd);
	return is;
}

static bool live(char *runtime, char *root, char *bundle, char *id)
{
	char pid_file[4096];

	snprintf(pid_file, sizeof(pid_file), "%s.%s.pid", root, id);
	char *create[] = {runtime, "--root",	 root,	   "create", "--bundle",
			  bundle,  "--pid-file", pid_file, id,	     NULL};
	char *start[] = {runtime, "--root", root, "start", id, NULL};
	char *delete[] = {runtime, "--root", root, "delete", id, NULL};

	return call(create) && call(start) && wait_for(pid_file) && call(delete) &&
	       unlink(pid_file) == 0;
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;
	for (int i = 0; i < atoi(argv[5]); i++) {
		char id[256];

		snprintf(id, sizeof(id), "%s-%d", argv[4], i);
		if (!live(argv[1], argv[2], argv[3], id))
			return 1;
	}
	return 0;
}

/* A program of the host, run to its end, with what it says: see librunt.h. */
#include "librunt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void close_all(const int *descriptors, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
}

/* Output beyond the limit is no output of a command that we ask. */
#define MOST_OUTPUT ((size_t)256 << 20)

/* 1 for more to come, 0 at the end, or -errno */
static int take_some(int descriptor, struct output *output)
{
	char buffer[16384];
	ssize_t got = read(descriptor, buffer, sizeof(buffer));

	if (got < 0)
		return errno == EINTR ? 1 : -errno;
	if (got == 0)
		return 0;
	if (output->size + (size_t)got > MOST_OUTPUT)
		return -EFBIG;
	char *grown = realloc(output->text, output->size + (size_t)got);

	if (!grown)
		return -ENOMEM;
	memcpy(grown + output->size, buffer, (size_t)got);
	output->text = grown;
	output->size += (size_t)got;
	return 1;
}

static int take_all(int *readers, struct output *outputs)
{
	while (readers[0] >= 0 || readers[1] >= 0) {
		/* poll(2) passes over negative descriptors */
		struct pollfd waits[] = {{readers[0], POLLIN, 0}, {readers[1], POLLIN, 0}};

		if (poll(waits, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		for (int i = 0; i < 2; i++) {
			if (readers[i] < 0 || waits[i].revents == 0)
				continue;
			int more = take_some(readers[i], &outputs[i]);

			if (more < 0)
				return more;
			if (more == 0) {
				close(readers[i]);
				readers[i] = -1;
			}
		}
	}
	return 0;
}

static int start(char *const *words, const int *pipes, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return -error;
	error = posix_spawnattr_init(&attributes);
	if (error == 0) {
		sigemptyset(&none);
		posix_spawnattr_setsigmask(&attributes, &none);
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
		error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
		if (error == 0)
			error = posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
		if (error == 0)
			error = posix_spawn_file_actions_adddup2(&actions, pipes[3], 2);
		if (error == 0)
			error = posix_spawnp(pid, words[0], &actions, &attributes, words, environ);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

int runt_command(char *const *words, struct output outputs[2], int *status)
{
	int pipes[4] = {-1, -1, -1, -1};
	pid_t pid = 0;

	if (pipe2(pipes, O_CLOEXEC) < 0 || pipe2(pipes + 2, O_CLOEXEC) < 0) {
		int error = -errno;

		close_all(pipes, 4);
		return error;
	}
	int result = start(words, pipes, &pid);

	close(pipes[1]);
	close(pipes[3]);
	int readers[2] = {pipes[0], pipes[2]};

	if (result == 0)
		result = take_all(readers, outputs);
	/* a program that still writes is ended by it */
	close_all(readers, 2);
	if (pid > 0)
		while (waitpid(pid, status, 0) < 0 && errno == EINTR)
			continue;
	return result;
}

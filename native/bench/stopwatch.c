/*
 * Times programs one after another, as they stand in a script on standard input, round after round: so every runtime
 * meets the same weather. A line is LABEL<tab>PROGRAM<tab>ARGUMENT…; label "-" is run but not told, and the program
 * "sleep" with a number of milliseconds is done here. Out: LABEL<tab>nanoseconds<tab>peak KiB<tab>wait status.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINES 512
#define MAX_WORDS 64
#define MAX_SCRIPT (1u << 20)

extern char **environ;

static char script[MAX_SCRIPT];
static char *lines[MAX_LINES][MAX_WORDS];

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void run(char *const words[])
{
	struct rusage usage;
	int status = 0;
	posix_spawn_file_actions_t quiet;
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	int64_t start = now();

	if (posix_spawnp(&pid, words[1], &quiet, NULL, words + 1, environ) != 0) {
		(void)fprintf(stderr, "cannot start %s\n", words[1]);
		exit(1);
	}
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	int64_t end = now();

	posix_spawn_file_actions_destroy(&quiet);
	if (strcmp(words[0], "-") != 0)
		printf("%s\t%lld\t%ld\t%d\n", words[0], (long long)(end - start), usage.ru_maxrss,
		       status);
}

static void rest(const char *milliseconds)
{
	long count = strtol(milliseconds, NULL, 10);
	struct timespec time = {count / 1000, count % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static size_t split_script(void)
{
	size_t count = 0;
	char *line_end, *word_end;

	for (char *line = strtok_r(script, "\n", &line_end); line && count < MAX_LINES;
	     line = strtok_r(NULL, "\n", &line_end)) {
		size_t words = 0;

		for (char *word = strtok_r(line, "\t", &word_end); word && words < MAX_WORDS - 1;
		     word = strtok_r(NULL, "\t", &word_end))
			lines[count][words++] = word;
		if (words >= 2)
			count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 1;

	if (fread(script, 1, sizeof(script) - 1, stdin) == 0)
		return 1;
	size_t count = split_script();

	for (long round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++) {
			if (strcmp(lines[i][1], "sleep") == 0 && lines[i][2])
				rest(lines[i][2]);
			else
				run(lines[i]);
		}
	return 0;
}

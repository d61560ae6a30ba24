/*
 * Tries system calls, each in a child of its own, and prints what became of it: one line "NUMBER RESULT" for each, where
 * RESULT is "ok", an error number, or "signal N". Static, and started in a container under a filter.
 *
 *   all                       every number from 0 to 599 and the first of x32's, with arguments that are all -1
 *   NUMBER[:ARG[,ARG…]] …     these calls with these arguments (hexadecimal or decimal; the rest are -1)
 *   x86:NUMBER[:ARG…]         through the 32-bit entry
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define X32 0x40000000L

enum outcome { OK = 1, ERROR = 2 };

static long call_32(long number, const long *arguments)
{
#if defined(__x86_64__)
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2]),
			   "S"(arguments[3]), "D"(arguments[4])
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
#else
	(void)number;
	(void)arguments;
	return -ENOSYS;
#endif
}

/* The answer goes through shared memory of a pipe made before; a filter may have left us nothing else. */
static void attempt(const char *name, long number, const long *a, int through_32)
{
	int ends[2], status = 0;
	int32_t result = -1;
	struct itimerval soon = {.it_value = {.tv_usec = 300000}};

	fflush(stdout);
	if (pipe(ends) < 0)
		exit(1);
	pid_t child = fork();

	if (child < 0)
		exit(2);
	if (child == 0) {
		close(0);
		setitimer(ITIMER_REAL, &soon, NULL);
		long got;

		if (through_32) {
			got = call_32(number, a);
			result = got < 0 ? (int32_t)-got : 0;
		} else {
			got = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
			result = got == -1 ? errno : 0;
		}
		if (write(ends[1], &result, sizeof(result)) != sizeof(result))
			_exit(9);
		_exit(0);
	}
	close(ends[1]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	ssize_t length = read(ends[0], &result, sizeof(result));

	close(ends[0]);
	if (length == sizeof(result) && result == 0)
		printf("%s ok\n", name);
	else if (length == sizeof(result))
		printf("%s %d\n", name, (int)result);
	else if (WIFSIGNALED(status))
		printf("%s signal %d\n", name, WTERMSIG(status));
	else
		printf("%s exit %d\n", name, WEXITSTATUS(status));
}

/* They would take the probe itself along, or stay. */
static int left_out(long number)
{
	static const long numbers[] = {SYS_exit,	  SYS_exit_group, SYS_rt_sigreturn, SYS_clone,
#ifdef SYS_fork
				       SYS_fork,	  SYS_vfork,	  SYS_pause,
#endif
				       SYS_rt_sigsuspend, SYS_sync};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i] == number)
			return 1;
	return 0;
}

static void try_all(void)
{
	const long a[6] = {-1, -1, -1, -1, -1, -1};
	char name[32];

	for (long number = 0; number < 600; number++) {
		if (left_out(number))
			continue;
		snprintf(name, sizeof(name), "%ld", number);
		attempt(name, number, a, 0);
	}
	for (long number = X32 + 520; number < X32 + 560; number++) {
		snprintf(name, sizeof(name), "x32:%ld", number - X32);
		attempt(name, number, a, 0);
	}
}

static void try_one(const char *word)
{
	long a[6] = {-1, -1, -1, -1, -1, -1};
	int through_32 = strncmp(word, "x86:", 4) == 0;
	char *at;
	long number = strtol(through_32 ? word + 4 : word, &at, 0);

	for (int i = 0; i < 6 && (*at == ':' || *at == ','); i++)
		a[i] = (long)strtoull(at + 1, &at, 0);
	attempt(word, number, a, through_32);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "all") == 0)
		try_all();
	else
		for (int i = 1; i < argc; i++)
			try_one(argv[i]);
	return 0;
}

/*
 * keeper PROGRAM WORDS...: runs a program, and when it has ended, all that came of it.
 *
 * Daemons leave the process tree; as a subreaper this one gets them back. What the program has left is killed, until nothing is
 * there. With a frozen process, which cannot die, it gives up after a while, names it, and exits with 111.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 1500, PAUSE_NS = 10 * 1000 * 1000, STUCK = 111 };

static pid_t program;

static void end_program(int signal)
{
	(void)signal;
	kill(program, SIGKILL);
}

/* Each that has this process for its parent is given to `act`. */
static void each_child(void (*act)(pid_t, const char *))
{
	DIR *proc = opendir("/proc");
	if (proc == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (pid <= 0)
			continue;
		char path[64];
		char text[512];
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		ssize_t got = read(fd, text, sizeof(text) - 1);
		close(fd);
		if (got <= 0)
			continue;
		text[got] = '\0';
		/* a command's name may have any characters, brackets too */
		char *behind = strrchr(text, ')');
		int parent = 0;
		if (behind != NULL && sscanf(behind + 1, " %*c %d", &parent) == 1 && parent == getpid())
			act(pid, text);
	}
	closedir(proc);
}

static void end_child(pid_t pid, const char *stat)
{
	(void)stat;
	kill(pid, SIGKILL);
}

static void name_child(pid_t pid, const char *stat)
{
	(void)pid;
	fprintf(stderr, "keeper: cannot end: %.60s\n", stat);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	/* who has started this one must not die before what it started */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
		perror("keeper");
		return 2;
	}
	program = fork();
	if (program < 0)
		return 2;
	if (program == 0) {
		execvp(argv[1], argv + 1);
		fprintf(stderr, "keeper: %s: %s\n", argv[1], strerror(errno));
		_exit(127);
	}
	struct sigaction action = {.sa_handler = end_program, .sa_flags = SA_RESTART};
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);

	int ended = 0;
	int status = 0;
	for (;;) {
		pid_t pid = waitpid(-1, &status, 0);
		if (pid == program) {
			ended = status;
			break;
		}
	}
	for (int turn = 0; turn < TURNS; turn++) {
		each_child(end_child);
		pid_t pid;
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			;
		if (pid < 0)
			return WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	each_child(name_child);
	return STUCK;
}

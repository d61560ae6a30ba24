/* What the probe is asked to do: one function for each verb, one line of the table for each. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include "json.h"
#include "probe.h"

#define MOST_WORDS 8

typedef void verb(char **words);

static long number_of(const char *word)
{
	return word ? strtol(word, NULL, 0) : 0;
}

static int64_t open_and_close(const char *path, int flags)
{
	int descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);

	if (descriptor >= 0)
		close(descriptor);
	return descriptor < 0 ? -1 : 0;
}

/* read PATH */
static void act_read(char **words)
{
	char text[4096];
	int descriptor = open(words[0], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t length = descriptor < 0 ? -1 : read(descriptor, text, sizeof(text));

	json_outcome("outcome", length);
	if (length >= 0)
		json_bytes("text", text, (uint64_t)length);
	if (descriptor >= 0)
		close(descriptor);
}

/* write PATH: opens an existing file for writing and writes nothing */
static void act_write(char **words)
{
	json_outcome("outcome", open_and_close(words[0], O_WRONLY));
}

/* touch PATH: makes a new file */
static void act_touch(char **words)
{
	json_outcome("outcome", open_and_close(words[0], O_WRONLY | O_CREAT | O_EXCL));
}

/* put PATH TEXT: writes into a file */
static void act_put(char **words)
{
	int descriptor = open(words[0], O_WRONLY | O_CLOEXEC | O_CREAT, 0600);
	int64_t result = descriptor < 0 ? -1 : write(descriptor, words[1], strlen(words[1]));

	json_outcome("outcome", result);
	if (descriptor >= 0)
		close(descriptor);
}

/* stat PATH */
static void act_stat(char **words)
{
	struct stat found = {0};
	int result = lstat(words[0], &found);

	json_outcome("outcome", result);
	json_number("mode", found.st_mode);
	json_number("uid", found.st_uid);
	json_number("gid", found.st_gid);
	json_number("device", (int64_t)found.st_dev);
	json_number("major", major(found.st_rdev));
	json_number("minor", minor(found.st_rdev));
	json_number("size", found.st_size);
}

/* list PATH */
static void act_list(char **words)
{
	DIR *folder = opendir(words[0]);
	struct dirent *entry;

	json_outcome("outcome", folder ? 0 : -1);
	json_open("names", '[');
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			json_text(NULL, entry->d_name);
	json_close(']');
	if (folder)
		closedir(folder);
}

/* mknod PATH TYPE MAJOR MINOR */
static void act_mknod(char **words)
{
	mode_t type = words[1][0] == 'b' ? S_IFBLK : S_IFCHR;
	dev_t number = makedev((unsigned)number_of(words[2]), (unsigned)number_of(words[3]));

	json_outcome("outcome", mknod(words[0], type | 0600, number));
}

/* mount PATH: a tmpfs */
static void act_mount(char **words)
{
	json_outcome("outcome", mount("tmpfs", words[0], "tmpfs", 0, NULL));
}

/* chown PATH UID GID */
static void act_chown(char **words)
{
	json_outcome("outcome",
		     chown(words[0], (uid_t)number_of(words[1]), (gid_t)number_of(words[2])));
}

/* syscall NUMBER ARGUMENTS... */
static void act_syscall(char **words)
{
	long arguments[6] = {0};

	for (int i = 0; i < 6 && words[1 + i]; i++)
		arguments[i] = number_of(words[1 + i]);
	json_outcome("outcome", syscall(number_of(words[0]), arguments[0], arguments[1],
					arguments[2], arguments[3], arguments[4], arguments[5]));
}

/* child NUMBER ARGUMENTS...: the same in a child; `status` is how the child ended */
static void act_child(char **words)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		long result = syscall(number_of(words[0]), number_of(words[1]), 0, 0, 0, 0, 0);

		_exit(result < 0 ? 1 : 0);
	}
	if (child > 0)
		waitpid(child, &status, 0);
	json_outcome("outcome", child < 0 ? -1 : 0);
	json_number("status", status);
}

/* fork COUNT: how many children there could be at a time */
static void act_fork(char **words)
{
	long count = number_of(words[0]), made = 0;
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		return;
	for (; made < count; made++) {
		pid_t child = fork();
		char nothing;

		if (child < 0)
			break;
		if (child == 0) {
			close(gate[1]);
			_exit(read(gate[0], &nothing, 1) < 0);
		}
	}
	close(gate[1]);
	while (wait(NULL) > 0)
		;
	close(gate[0]);
	json_number("made", made);
}

/* exec PATH: a child runs it; its wait status, 127 << 8 if it could not */
static void act_exec(char **words)
{
	char *argv[] = {words[0], NULL};
	int status = -1;
	pid_t child;

	json_flush();
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (null >= 0)
			dup2(null, STDOUT_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, &status, 0);
	json_number("status", status);
}

/* trap PATH SIGNALS...: makes the file, waits for one of the signals, and writes its number there
 */
static void act_trap(char **words)
{
	sigset_t wanted;
	int number = 0;
	char text[16];
	char *said[] = {words[0], text, NULL};

	sigemptyset(&wanted);
	for (int i = 1; words[i]; i++)
		sigaddset(&wanted, (int)number_of(words[i]));
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	act_put((char *[]){words[0], "ready", NULL});
	json_flush();
	sigwait(&wanted, &number);
	snprintf(text, sizeof(text), "%-5d", number);
	act_put(said);
}

/* sleep SECONDS */
static void act_sleep(char **words)
{
	json_flush();
	sleep((unsigned)number_of(words[0]));
}

/* exit STATUS */
static void act_exit(char **words)
{
	json_flush();
	_exit((int)number_of(words[0]));
}

int act(char *request)
{
	static const struct {
		const char *name;
		verb *does;
		int words;
	} verbs[] = {
	    {"read", act_read, 1},	 {"write", act_write, 1}, {"touch", act_touch, 1},
	    {"put", act_put, 2},	 {"stat", act_stat, 1},	  {"list", act_list, 1},
	    {"mknod", act_mknod, 4},	 {"mount", act_mount, 1}, {"chown", act_chown, 3},
	    {"syscall", act_syscall, 1}, {"child", act_child, 1}, {"fork", act_fork, 1},
	    {"exec", act_exec, 1},	 {"trap", act_trap, 2},	  {"sleep", act_sleep, 1},
	    {"exit", act_exit, 1},
	};
	char *words[MOST_WORDS + 1] = {0}, *rest = NULL;
	int count = 0;

	json_open(NULL, '{');
	json_text("asked", request);
	for (char *word = strtok_r(request, " ", &rest); word && count < MOST_WORDS;
	     word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (count > verbs[i].words && strcmp(words[0], verbs[i].name) == 0) {
			verbs[i].does(words + 1);
			json_close('}');
			return 0;
		}
	json_close('}');
	return 2;
}

/*
 * `runt` as installed: notes what the caller gave, then becomes the engine.
 *
 * A JavaScript engine raises RLIMIT_NOFILE, ignores signals, opens descriptors and reads its
 * environment before our first line runs. So this program, a few kilobytes, goes first: it writes
 * what it found into a sealed memfd, and hands the engine an environment in which nothing can steer
 * it. src/kernel/caller.ts reads the record.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define RECORD_MAGIC 0x4c4c4143u /* "CALL" */
#define OPEN_MAX_NOTED 1024u

/* Then come: argv[0] and the environment, each text closed by NUL. */
struct record {
	uint32_t magic;
	uint32_t umask;
	uint64_t ignored, blocked; /* bit n-1 is signal n */
	uint64_t soft, hard;	   /* RLIMIT_NOFILE */
	uint32_t arguments;	   /* bytes of argv[0] with its NUL */
	uint32_t environment;	   /* bytes of the environment */
	uint64_t started;	   /* CLOCK_MONOTONIC in ns, for a command line with --trace */
	uint8_t open[OPEN_MAX_NOTED / 8]; /* bit n: descriptor n was open */
};

static struct record record;

static _Noreturn void die(const char *what)
{
	static const char before[] = "runt: cannot ", between[] = ": ", after[] = "\n";
	const char *reason = strerror(errno);

	if (write(2, before, sizeof(before) - 1) < 0 || write(2, what, strlen(what)) < 0 ||
	    write(2, between, sizeof(between) - 1) < 0 || write(2, reason, strlen(reason)) < 0 ||
	    write(2, after, 1) < 0)
		_exit(1);
	_exit(1);
}

/* A descriptor that the engine would take for its own must not be number 0, 1 or 2. */
static void fill_stdio(void)
{
	for (int descriptor = 0; descriptor < 3; descriptor++)
		if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDWR) != descriptor)
			die("open /dev/null");
}

struct kernel_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

static void note_signals(void)
{
	for (int number = 1; number <= 64; number++) {
		struct kernel_sigaction action;

		if (syscall(SYS_rt_sigaction, number, NULL, &action, sizeof(uint64_t)) == 0 &&
		    action.handler == SIG_IGN)
			record.ignored |= (uint64_t)1 << (number - 1);
	}
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &record.blocked, sizeof(uint64_t));
}

/* poll(2) names the closed ones: one call, not one for each number. */
static void note_descriptors(void)
{
	static struct pollfd all[OPEN_MAX_NOTED];

	for (unsigned int descriptor = 0; descriptor < OPEN_MAX_NOTED; descriptor++)
		all[descriptor].fd = (int)descriptor;
	/* more than RLIMIT_NOFILE may not be asked for at once: then no higher number is open but
	 * by a raised limit */
	nfds_t count = record.soft < OPEN_MAX_NOTED ? (nfds_t)record.soft : OPEN_MAX_NOTED;

	if (poll(all, count, 0) < 0)
		die("look at open descriptors");
	for (unsigned int descriptor = 0; descriptor < count; descriptor++)
		if (!(all[descriptor].revents & POLLNVAL))
			record.open[descriptor / 8] |= (uint8_t)(1u << descriptor % 8);
}

static void note_limits(void)
{
	struct rlimit limit;
	mode_t mask = umask(0);

	umask(mask);
	record.umask = mask;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("read RLIMIT_NOFILE");
	record.soft = limit.rlim_cur;
	record.hard = limit.rlim_max;
}

/* Nobody else asks for the time, so that it costs them nothing. A word of the container's own that
 * looks like the option is no harm. */
static void note_start(char **argv)
{
	static const char option[] = "--trace";
	struct timespec now;

	for (; *argv; argv++)
		if (strncmp(*argv, option, sizeof(option) - 1) == 0 &&
		    clock_gettime(CLOCK_MONOTONIC, &now) == 0) {
			record.started = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
			return;
		}
}

static void put(int memfd, const void *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(memfd, bytes, size);

		if (written <= 0)
			die("write the caller's record");
		bytes = (const char *)bytes + written;
		size -= (size_t)written;
	}
}

static int write_record(const char *name)
{
	int memfd = memfd_create("runt-caller", MFD_ALLOW_SEALING);

	if (memfd < 0)
		die("make the caller's record");
	record.magic = RECORD_MAGIC;
	record.arguments = (uint32_t)strlen(name) + 1;
	for (char **entry = environ; *entry; entry++)
		record.environment += (uint32_t)strlen(*entry) + 1;
	put(memfd, &record, sizeof(record));
	put(memfd, name, record.arguments);
	for (char **entry = environ; *entry; entry++)
		put(memfd, *entry, strlen(*entry) + 1);
	if (fcntl(memfd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		die("seal the caller's record");
	return memfd;
}

/* DIR/runt has its engine in DIR/libexec, or as installed in DIR/../libexec/runt. */
static void exec_engine(char **argv, char **environment)
{
	static const char *const places[] = {"/libexec/runt-engine",
					     "/../libexec/runt/runt-engine"};
	static char path[PATH_MAX + 32];
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);

	if (length <= 0)
		die("read /proc/self/exe");
	path[length] = '\0';
	char *slash = strrchr(path, '/');

	for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		memcpy(slash, places[i], strlen(places[i]) + 1);
		execve(path, argv, environment);
		if (errno != ENOENT)
			break;
	}
}

int main(int argc, char **argv)
{
	/* its JIT stays off: no memory of a privileged process is writable and executable */
	static char handle[32] = "RUNT_CALLER=", no_jit[] = "BUN_JSC_useJIT=0";
	static char *environment[] = {handle, no_jit, NULL};
	char digits[12];
	size_t at = sizeof(digits) - 1;

	if (argc < 1)
		return 1;
	note_start(argv);
	fill_stdio();
	note_signals();
	note_limits();
	note_descriptors();
	int memfd = write_record(argv[0]);

	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + memfd % 10);
	while (memfd /= 10);
	memcpy(handle + strlen(handle), digits + at, sizeof(digits) - at);
	exec_engine(argv, environment);
	die("start its engine (libexec/runt-engine)");
}

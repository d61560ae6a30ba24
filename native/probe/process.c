/* What belongs to the process itself: who it is, what it may do, how it is scheduled. */
#include <errno.h>
#include <stdint.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "json.h"
#include "probe.h"

#define IOPRIO_WHO_PROCESS 1
#define KEYCTL_DESCRIBE 6
#define SESSION_KEYRING (-3)
#define LAST_SIGNAL 64
#define MOST_GROUPS 256
#define MOST_NODES 1024

/* capget(2), version 3 */
struct capability_header {
	uint32_t version;
	int pid;
};
struct capability_data {
	uint32_t effective, permitted, inheritable;
};

/* struct sched_attr of sched_getattr(2), in its first published size */
struct scheduling {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

/* the numbers of the bits that are set */
static void list_bits(const char *key, const unsigned long *words, unsigned bits)
{
	const unsigned width = 8 * sizeof(*words);

	json_open(key, '[');
	for (unsigned bit = 0; bit < bits; bit++)
		if (words[bit / width] >> bit % width & 1)
			json_number(NULL, bit);
	json_close(']');
}

static void report_ids(const char *key, unsigned real, unsigned effective, unsigned saved)
{
	json_open(key, '{');
	json_number("real", real);
	json_number("effective", effective);
	json_number("saved", saved);
	json_close('}');
}

static void report_groups(void)
{
	gid_t groups[MOST_GROUPS];
	int count = getgroups(MOST_GROUPS, groups);

	json_open("groups", '[');
	for (int i = 0; i < count; i++)
		json_number(NULL, groups[i]);
	json_close(']');
}

void report_identity(void)
{
	uid_t uid[3] = {0};
	gid_t gid[3] = {0};

	getresuid(&uid[0], &uid[1], &uid[2]);
	getresgid(&gid[0], &gid[1], &gid[2]);
	report_ids("uid", uid[0], uid[1], uid[2]);
	report_ids("gid", gid[0], gid[1], gid[2]);
	report_groups();
	json_number("pid", getpid());
	json_number("parent", getppid());
	json_number("session", getsid(0));
	json_number("noNewPrivileges", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	json_number("seccomp", prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
}

static void report_capability_set(const char *key, uint32_t low, uint32_t high)
{
	unsigned long words[] = {(unsigned long)high << 32 | low};

	list_bits(key, words, 64);
}

static void report_capability_question(const char *key, int option, unsigned long argument)
{
	json_open(key, '[');
	for (unsigned long number = 0; number < 64; number++) {
		int set = argument ? prctl(option, argument, number, 0, 0)
				   : prctl(option, number, 0, 0, 0);

		if (set == 1)
			json_number(NULL, (int64_t)number);
	}
	json_close(']');
}

void report_capabilities(void)
{
	struct capability_header header = {0x20080522, 0};
	struct capability_data data[2] = {{0}};

	syscall(SYS_capget, &header, data);
	json_open("capabilities", '{');
	report_capability_set("effective", data[0].effective, data[1].effective);
	report_capability_set("permitted", data[0].permitted, data[1].permitted);
	report_capability_set("inheritable", data[0].inheritable, data[1].inheritable);
	report_capability_question("bounding", PR_CAPBSET_READ, 0);
	report_capability_question("ambient", PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET);
	json_close('}');
}

static int64_t limit_of(rlim_t limit)
{
	return limit == RLIM_INFINITY ? -1 : (int64_t)limit;
}

void report_limits(void)
{
	static const struct {
		const char *name;
		int number;
	} resources[] = {
	    {"RLIMIT_AS", RLIMIT_AS},
	    {"RLIMIT_CORE", RLIMIT_CORE},
	    {"RLIMIT_CPU", RLIMIT_CPU},
	    {"RLIMIT_DATA", RLIMIT_DATA},
	    {"RLIMIT_FSIZE", RLIMIT_FSIZE},
	    {"RLIMIT_LOCKS", RLIMIT_LOCKS},
	    {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
	    {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
	    {"RLIMIT_NICE", RLIMIT_NICE},
	    {"RLIMIT_NOFILE", RLIMIT_NOFILE},
	    {"RLIMIT_NPROC", RLIMIT_NPROC},
	    {"RLIMIT_RSS", RLIMIT_RSS},
	    {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
	    {"RLIMIT_RTTIME", RLIMIT_RTTIME},
	    {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
	    {"RLIMIT_STACK", RLIMIT_STACK},
	};

	json_open("limits", '{');
	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
		struct rlimit limit;

		if (getrlimit(resources[i].number, &limit))
			continue;
		json_open(resources[i].name, '{');
		json_number("soft", limit_of(limit.rlim_cur));
		json_number("hard", limit_of(limit.rlim_max));
		json_close('}');
	}
	json_close('}');
}

void report_signals(void)
{
	sigset_t blocked;

	sigprocmask(SIG_BLOCK, NULL, &blocked);
	json_open("signals", '{');
	json_open("blocked", '[');
	for (int number = 1; number <= LAST_SIGNAL; number++)
		if (sigismember(&blocked, number) == 1)
			json_number(NULL, number);
	json_close(']');
	json_open("ignored", '[');
	for (int number = 1; number <= LAST_SIGNAL; number++) {
		struct sigaction action;

		if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
			json_number(NULL, number);
	}
	json_close(']');
	json_close('}');
}

static void report_scheduler(void)
{
	struct scheduling now = {.size = sizeof(now)};

	if (syscall(SYS_sched_getattr, 0, &now, sizeof(now), 0))
		return;
	json_open("scheduler", '{');
	json_number("policy", now.policy);
	json_number("flags", (int64_t)now.flags);
	json_number("nice", now.nice);
	json_number("priority", now.priority);
	json_number("runtime", (int64_t)now.runtime);
	json_number("deadline", (int64_t)now.deadline);
	json_number("period", (int64_t)now.period);
	json_close('}');
}

void report_scheduling(void)
{
	cpu_set_t processors;
	long priority = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);

	report_scheduler();
	CPU_ZERO(&processors);
	sched_getaffinity(0, sizeof(processors), &processors);
	list_bits("affinity", (const unsigned long *)(const void *)&processors, CPU_SETSIZE);
	json_open("ioPriority", '{');
	json_number("class", priority >> 13);
	json_number("level", priority & 0x1fff);
	json_close('}');
	json_number("personality", personality(0xffffffff));
}

void report_memory_policy(void)
{
	unsigned long nodes[MOST_NODES / (8 * sizeof(unsigned long))] = {0};
	int mode = -1;

	if (syscall(SYS_get_mempolicy, &mode, nodes, (unsigned long)MOST_NODES, NULL, 0UL))
		return;
	json_open("memoryPolicy", '{');
	json_number("mode", mode & 0x1fff);
	json_number("flags", mode & ~0x1fff);
	list_bits("nodes", nodes, MOST_NODES);
	json_close('}');
}

void report_keyring(void)
{
	char text[256] = "";
	long length = syscall(SYS_keyctl, KEYCTL_DESCRIBE, SESSION_KEYRING, text, sizeof(text) - 1);

	json_text("keyring", length > 0 ? text : "");
}

void report_terminal(void)
{
	struct winsize size = {0};

	json_open("terminal", '{');
	json_open("streams", '[');
	for (int stream = 0; stream < 3; stream++)
		json_flag(NULL, isatty(stream));
	json_close(']');
	if (ioctl(0, TIOCGWINSZ, &size) == 0) {
		json_number("height", size.ws_row);
		json_number("width", size.ws_col);
	}
	json_close('}');
}

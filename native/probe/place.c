/* Where the process lives: namespaces, mounts, devices, cgroups, names, clocks, network. */
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "json.h"
#include "probe.h"

#define LONGEST_LINE 8192

static void report_link(const char *key, const char *path)
{
	char target[4096];
	ssize_t length = readlink(path, target, sizeof(target));

	if (length >= 0)
		json_bytes(key, target, (uint64_t)length);
}

void report_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;

	json_open("descriptors", '{');
	while (folder && (entry = readdir(folder))) {
		char path[300];

		if (entry->d_name[0] == '.' ||
		    (int)strtol(entry->d_name, NULL, 10) == dirfd(folder))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		report_link(entry->d_name, path);
	}
	json_close('}');
	if (folder)
		closedir(folder);
}

void report_namespaces(void)
{
	static const char *const names[] = {"cgroup", "ipc",  "mnt",  "net",
					    "pid",    "time", "user", "uts"};

	json_open("namespaces", '{');
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		report_link(names[i], path);
	}
	json_close('}');
}

/* mountinfo as it stands: the tests take its lines apart */
static void report_lines(const char *key, const char *path)
{
	static char line[LONGEST_LINE];
	FILE *file = fopen(path, "re");

	json_open(key, '[');
	while (file && fgets(line, sizeof(line), file))
		json_bytes(NULL, line, strcspn(line, "\n"));
	json_close(']');
	if (file)
		fclose(file);
}

void report_mounts(void)
{
	report_lines("mountinfo", "/proc/self/mountinfo");
	report_lines("cgroups", "/proc/self/cgroup");
	report_lines("uidMap", "/proc/self/uid_map");
	report_lines("gidMap", "/proc/self/gid_map");
	report_lines("oomScoreAdj", "/proc/self/oom_score_adj");
	report_lines("timeOffsets", "/proc/self/timens_offsets");
	report_lines("label", "/proc/self/attr/current");
}

static const char *type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFCHR:
		return "c";
	case S_IFBLK:
		return "b";
	case S_IFIFO:
		return "p";
	case S_IFLNK:
		return "l";
	case S_IFDIR:
		return "d";
	default:
		return "-";
	}
}

static void report_device(int folder, const char *name)
{
	struct stat found;
	char target[4096];
	ssize_t length = readlinkat(folder, name, target, sizeof(target));

	if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW))
		return;
	json_open(name, '{');
	json_text("type", type_of(found.st_mode));
	json_number("mode", found.st_mode & 07777);
	json_number("uid", found.st_uid);
	json_number("gid", found.st_gid);
	json_number("major", major(found.st_rdev));
	json_number("minor", minor(found.st_rdev));
	if (length >= 0)
		json_bytes("target", target, (uint64_t)length);
	json_close('}');
}

void report_devices(void)
{
	DIR *folder = opendir("/dev");
	struct dirent *entry;

	json_open("devices", '{');
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			report_device(dirfd(folder), entry->d_name);
	json_close('}');
	if (folder)
		closedir(folder);
}

static void report_clock(const char *key, clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	json_number(key, now.tv_sec);
}

void report_system(void)
{
	struct utsname names;

	if (uname(&names) == 0) {
		json_text("hostname", names.nodename);
		json_text("domainname", names.domainname);
		json_text("machine", names.machine);
	}
	json_open("clocks", '{');
	report_clock("monotonic", CLOCK_MONOTONIC);
	report_clock("boottime", CLOCK_BOOTTIME);
	json_close('}');
}

static void report_address(const struct ifaddrs *entry)
{
	char text[NI_MAXHOST] = "";
	int family = entry->ifa_addr ? entry->ifa_addr->sa_family : 0;

	if (family != AF_INET && family != AF_INET6)
		return;
	getnameinfo(entry->ifa_addr,
		    family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6),
		    text, sizeof(text), NULL, 0, NI_NUMERICHOST);
	json_open(NULL, '{');
	json_text("device", entry->ifa_name);
	json_text("address", text);
	json_close('}');
}

static void report_links(const struct ifaddrs *entries)
{
	json_open("links", '{');
	for (; entries; entries = entries->ifa_next)
		if (entries->ifa_addr && entries->ifa_addr->sa_family == AF_PACKET)
			json_number(entries->ifa_name, entries->ifa_flags);
	json_close('}');
}

void report_network(void)
{
	struct ifaddrs *entries = NULL;

	if (getifaddrs(&entries))
		return;
	report_links(entries);
	json_open("addresses", '[');
	for (const struct ifaddrs *entry = entries; entry; entry = entry->ifa_next)
		report_address(entry);
	json_close(']');
	freeifaddrs(entries);
}

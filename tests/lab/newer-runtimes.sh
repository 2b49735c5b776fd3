#!/bin/bash
# newer-runtimes.sh DIR - containerd and docker of a Debian release after the machine's, for the lab's kinds containerd-new and docker-new.
# apt fetches and verifies the packages with lists of its own, and nothing is installed: they are unpacked into DIR (usr/bin, usr/sbin).
# runc stays the machine's own: it is linked against the release's C library.
set -eu
DIR=${1:?usage: newer-runtimes.sh DIR}
RELEASE=${KC_NEWER_RELEASE:-trixie}
# From where the machine's own packages come.
MIRROR=${KC_NEWER_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/$' || echo http://deb.debian.org/debian)}
[ ! -e "$DIR/made" ] || exit 0
work=$(mktemp -d "${TMPDIR:-/tmp}/newer-runtimes.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,archives/partial,debs,root/usr/sbin}
chmod 755 "$work"; chmod 777 "$work/debs"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $MIRROR $RELEASE main" > "$work/sources.list"
apt=(-qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists" -o Dir::Cache="$work"
  -o Dir::Cache::archives="$work/archives" -o APT::Get::List-Cleanup=0 -o APT::Sandbox::User=root)
apt-get "${apt[@]}" update
(cd "$work/debs" && apt-get "${apt[@]}" download containerd docker.io docker-cli)
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/root"; done
rm -f "$work"/root/usr/{bin,sbin}/runc
mkdir -p "$DIR"
cp -a "$work/root/usr" "$DIR/"
touch "$DIR/made"

# Docker's containerd image store keeps blobs as containerd does, in a namespace of its own. The engine starts a containerd for itself where none ran.
kc_moby_socket() {
  if kc_p=$(cat /run/docker/containerd/containerd.pid 2>/dev/null </dev/null) && [ -n "$kc_p" ] && kill -0 "$kc_p" 2>/dev/null; then
    kc_s=/run/docker/containerd/containerd.sock
  else
    kc_s=/run/containerd/containerd.sock
  fi
  [ -S "$kc_s" ] && printf '%s\n' "$kc_s"
}
kc_moby() { have ctr && kc_s=$(kc_moby_socket) && ctr -a "$kc_s" -n moby "$@" 2>/dev/null </dev/null; }

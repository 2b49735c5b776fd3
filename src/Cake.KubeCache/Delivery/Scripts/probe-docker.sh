kc_images() { docker images --no-trunc --format '{{.Repository}} {{.Tag}} {{.ID}}' 2>/dev/null </dev/null | awk '$1!="<none>" && $2!="<none>" {printf "image\t%s:%s\t%s\tcomplete\n", $1, $2, $3}'; }
kc_layers() {
  case $kc_d in
    # The containerd image store keeps blobs as containerd does, in a namespace of its own.
    *io.containerd.snapshotter*) printf 'store\tcontainerd\n'; have ctr && [ -S /run/containerd/containerd.sock ] && ctr -n moby content ls -q 2>/dev/null </dev/null | sed "s/^sha256:/blob$kc_tab/" ;;
    *) kc_g=${kc_d#*|}; ls "${kc_d%%|*}/image/${kc_g%%|*}/layerdb/sha256" 2>/dev/null | sed "s/^/chain$kc_tab/" ;;
  esac
}
kc_probe_runtime() {
  have docker || return 0
  kc_images | {
    kc_d=$(docker info -f '{{.ServerVersion}}|{{.DockerRootDir}}|{{.Driver}}|{{.DriverStatus}}' 2>/dev/null </dev/null)
    kc_v=${kc_d%%|*} kc_d=${kc_d#*|}
    [ -n "$kc_v" ] && printf 'runtime\t%s\n' "$kc_v" && cat && kc_layers
  }
}

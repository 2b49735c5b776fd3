# Asking the engine's socket (Docker Engine API 1.24 and later) takes one small process where the client takes two large ones.
kc_ask_socket() {
  [ -z "$DOCKER_HOST$DOCKER_CONTEXT" ] && [ -S /var/run/docker.sock ] && have curl || return 1
  kc_answer=$(curl -sf --noproxy '*' --max-time 20 --unix-socket /var/run/docker.sock http://docker/info http://docker/images/json 2>/dev/null </dev/null) || return 1
  # One line for each, because the engine ends its answers with a line end; what came otherwise is left to the client.
  case $kc_answer in *"
"*"
"*) return 1 ;; {*"
["*) ;; *) return 1 ;; esac
  printf '%s\n' "$kc_answer" | sed "1s/^/docker-info$kc_tab/; 2s/^/docker-images$kc_tab/"
}
kc_ask_client() {
  kc_info=$(docker info -f '{{json .}}' 2>/dev/null </dev/null) && [ -n "$kc_info" ] || return 0
  printf 'docker-info\t%s\n' "$kc_info"
  docker images --no-trunc --format '{{.Repository}} {{.Tag}} {{.ID}}' 2>/dev/null </dev/null | awk '$1!="<none>" && $2!="<none>" {printf "image\t%s:%s\t%s\tcomplete\n", $1, $2, $3}'
}
# A field of the engine's answer that is a text without escapes: all that is asked for here are paths and names.
kc_field() { printf '%s\n' "$kc_said" | sed -n "s/^docker-info.*\"$1\":\"\([^\"\\\\]*\)\".*/\1/p"; }
kc_probe_runtime() {
  have docker || return 0
  kc_said=$(kc_ask_socket || kc_ask_client)
  [ -n "$kc_said" ] || return 0
  printf '%s\n' "$kc_said"
  case $kc_said in
    *io.containerd.snapshotter*) printf 'store\tcontainerd\n'; kc_moby content ls -q | sed "s/^sha256:/blob$kc_tab/"; kc_moby images check | awk 'NR>1 && $4!="complete" {printf "docker-broken\t%s\n", $1}' ;;
    *) ls "$(kc_field DockerRootDir)/image/$(kc_field Driver)/layerdb/sha256" 2>/dev/null | sed "s/^/chain$kc_tab/" ;;
  esac
}

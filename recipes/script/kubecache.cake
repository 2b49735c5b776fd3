// Targets of a cluster for any Cake script: load this file, and give your own targets a dependency on Cluster-Provision.
//
//   #load kubecache.cake
//   #load nuget:?package=Cake.KubeCache&version=0.1.0     (the same file, out of the package)
//
// Arguments and KUBECACHE_… variables say what to work on: --inventory=PATH --catalogue=PATH --set=key=value --limit=GROUP …
#addin nuget:?package=Cake.KubeCache&version=0.1.0

KubeCacheTargets(prefix: "Cluster-");

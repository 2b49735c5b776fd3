// What the package's MSBuild targets run: the targets of the arguments' inventory.
#r "../lib/net10.0/*.dll"

KubeCacheTargets();
RunTargets(Arguments("target", "Provision"));

using Benchmarks;

// Every measurement prints what a public tool takes and what we take, in the same run, and the ratio. None passes or fails on a time.
var measurements = new Dictionary<string, (string What, Func<string[], Task<int>> RunAsync)>
{
    ["files"] = ("12 files of 5-60 MB from nginx against curl --parallel + sha256sum", _ => FileFetchMeasurement.RunAsync(tls: false)),
    ["files-tls"] = ("the same over TLS", _ => FileFetchMeasurement.RunAsync(tls: true)),
    ["images"] = ("ten images with shared layers from docker-registry against skopeo copy", _ => ImageFetchMeasurement.RunAsync()),
    ["nothing"] = ("a second fetch of 100 artifacts with nothing to do", _ => NothingToDoMeasurement.RunAsync()),
    ["no-op"] = ("a second provisioning of the lab's three nodes against parallel ssh (root; after ./build.sh was started once)", _ => NoOpMeasurement.RunAsync()),
    ["push"] = ("700 MB of images to three containerd nodes against three parallel cat | ssh | import (root; after ./build.sh was started once)", _ => PushMeasurement.RunAsync()),
    ["far"] = ("a file of 100 MB over 50 ms of round trip against scp (root; after ./build.sh was started once)", _ => FarMeasurement.RunAsync()),
    ["layer"] = ("one changed top layer of 10 MB on containerd, docker and containers-storage (root; after ./build.sh was started once)", _ => LayerMeasurement.RunAsync()),
    ["sixty"] = ("a second provisioning of sixty nodes against sixty parallel ssh (root; after ./build.sh was started once)", _ => SixtyMeasurement.RunAsync()),
    ["docker"] = ("whole runs on docker nodes: everything, nothing, one image and file, a new node (root; after ./build.sh was started once)", _ => DockerMeasurement.RunAsync()),
    ["fanout"] = ("120 MB to six nodes over an uplink of 200 Mbit/s, with and without kubecache_fanout, against six parallel cat | ssh (root; after ./build.sh was started once)", _ => FanoutMeasurement.RunAsync()),
    ["targets"] = ("declaring and skipping 60 artifacts x 100 nodes under Cake, and 1,000 nodes, against Cake's own start (after ./build.sh was started once)", _ => TargetsMeasurement.RunAsync()),
    ["runner"] = ("what the graph runner adds to each of 10,000 items that do nothing", _ => RunnerMeasurement.RunAsync()),
    ["plan"] = ("planning 4 and 1,000 hosts, whole process (--catalogue=DIR; after ./build.sh was started once)", PlanMeasurement.RunAsync),
    ["fetch-child"] = ("(used by the others: fetches what a plan on standard input names)", _ => FetchChild.RunAsync()),
};

if (args.Length == 0 || !measurements.TryGetValue(args[0], out var measurement))
{
    await Console.Error.WriteLineAsync("usage: Benchmarks <measurement>");
    foreach (var (name, (what, _)) in measurements)
    {
        await Console.Error.WriteLineAsync($"  {name,-12} {what}");
    }

    return 2;
}

return await measurement.RunAsync(args[1..]);

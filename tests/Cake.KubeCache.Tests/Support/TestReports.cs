using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Tests.Support;

/// <summary>Run reports of every kind of outcome.</summary>
internal static class TestReports
{
    /// <summary>Two artifacts and three nodes, in which everything happens that can: done, up to date, failed, blocked.</summary>
    public static RunReport Mixed => new()
    {
        Verb = "Provision",
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Took = TimeSpan.FromSeconds(3.5),
        Warnings = ["kube_version is set twice"],
        Artifacts =
        [
            new() { Artifact = "kubelet", Title = "kubelet", State = StepState.Done, Size = 60_000_000, BytesReceived = 60_000_000, Took = TimeSpan.FromSeconds(0.8), Notes = ["retried once"] },
            new() { Artifact = "coredns", Title = "registry.k8s.io/coredns/coredns:v1.14.2", State = StepState.UpToDate, Size = 20_000_000 },
            new() { Artifact = "etcd", Title = "etcd-<v3>.tar.gz", State = StepState.Failed, Took = TimeSpan.FromSeconds(0.2), Error = "404 & gone" },
        ],
        Nodes =
        [
            new()
            {
                Node = "node1",
                Deliveries =
                [
                    new() { Artifact = "kubelet", Title = "kubelet", State = StepState.Done, Reason = "not on the node", Size = 60_000_000, BytesSent = 60_000_000, Started = TimeSpan.FromSeconds(0.9), Took = TimeSpan.FromSeconds(1.1) },
                    new() { Artifact = "coredns", Title = "registry.k8s.io/coredns/coredns:v1.14.2", State = StepState.Done, Reason = "image changed", Size = 20_000_000, BytesSent = 2_000_000, Started = TimeSpan.FromSeconds(1), Took = TimeSpan.FromSeconds(0.5), Notes = ["thin"] },
                    new() { Artifact = "etcd", Title = "etcd-<v3>.tar.gz", State = StepState.Blocked, Reason = "not in the cache yet", Error = "not tried: 'fetch etcd' failed" },
                ],
            },
            new()
            {
                Node = "node2",
                Deliveries =
                [
                    new() { Artifact = "kubelet", Title = "kubelet", State = StepState.UpToDate, Reason = "up to date", Size = 60_000_000 },
                    new() { Artifact = "coredns", Title = "registry.k8s.io/coredns/coredns:v1.14.2", State = StepState.UpToDate, Reason = "up to date", Size = 20_000_000 },
                ],
            },
            new() { Node = "node3", Error = "node3 does not answer", Deliveries = [new() { Artifact = "kubelet", Title = "kubelet", State = StepState.Blocked, Reason = "the node was not reached" }] },
        ],
    };
}

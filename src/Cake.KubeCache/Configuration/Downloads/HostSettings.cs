using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>What a host's items are evaluated with.</summary>
internal sealed record HostSettings
{
    public required DownloadSettings Settings { get; init; }

    public required ImageSettings Images { get; init; }

    /// <summary><c>download_defaults</c>, not evaluated.</summary>
    public required Mapping Defaults { get; init; }

    /// <summary><c>downloads</c>, not evaluated.</summary>
    public required IReadOnlyList<(string Name, object? Item)> Items { get; init; }

    /// <summary>kubeadm's images in the same form.</summary>
    public required IReadOnlyList<(string Name, object? Item)> KubeadmItems { get; init; }

    /// <summary>Variables that a plan shows.</summary>
    public required IReadOnlyDictionary<string, object?> Shown { get; init; }

    public required IReadOnlyList<Fault> Faults { get; init; }

    public required IReadOnlyList<Fault> Warnings { get; init; }
}

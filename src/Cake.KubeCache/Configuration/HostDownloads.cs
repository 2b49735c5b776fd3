using Cake.KubeCache.Configuration.Downloads;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration;

/// <summary>What one host is to have.</summary>
internal sealed record HostDownloads
{
    /// <summary>Everything: the enabled items of <c>downloads</c> that its groups want, in the catalogue's order, and kubeadm's images.</summary>
    public required IReadOnlyList<Artifact> Artifacts { get; init; }

    /// <summary>The <c>download_*</c> family.</summary>
    public required DownloadSettings Settings { get; init; }

    /// <summary>What is doubtful but no error.</summary>
    public required IReadOnlyList<Fault> Warnings { get; init; }

    /// <summary>The items of <c>downloads</c> as texts, before they were understood.</summary>
    public required IReadOnlyList<DownloadItem> Items { get; init; }

    /// <summary>kubeadm's own images among <see cref="Artifacts"/>, as texts.</summary>
    public required IReadOnlyList<ImageItem> KubeadmImages { get; init; }

    /// <summary>Variables that a plan shows beside the artifacts, by name: bools or texts.</summary>
    public required IReadOnlyDictionary<string, object?> Shown { get; init; }
}

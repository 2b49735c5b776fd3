namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>An item of <c>downloads</c> as one host evaluates it: the texts themselves, before they are understood.</summary>
/// <param name="Name">Its key in <c>downloads</c>.</param>
internal abstract record DownloadItem(string Name);

/// <summary>A file.</summary>
internal sealed record FileItem(string Name) : DownloadItem(Name)
{
    public required string Url { get; init; }

    /// <summary><c>checksum</c>, else <c>sha256</c>; empty when there is none.</summary>
    public required string Checksum { get; init; }

    public required string Destination { get; init; }

    public required string Mode { get; init; }

    public required string Owner { get; init; }

    public required bool Unarchive { get; init; }

    /// <summary><c>unarchive_extra_opts</c>, or null where the item has none.</summary>
    public IReadOnlyList<string>? UnarchiveExtraOptions { get; init; }
}

/// <summary>An image.</summary>
internal sealed record ImageItem(string Name) : DownloadItem(Name)
{
    public required string Repository { get; init; }

    public required string Tag { get; init; }

    /// <summary><c>sha256</c>, else <c>checksum</c>; empty when there is none.</summary>
    public required string Digest { get; init; }
}

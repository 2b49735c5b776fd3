namespace Cake.KubeCache.Model;

/// <summary>A file: where it comes from, what it must hash to, and where and how it stands on the node.</summary>
public sealed record FileArtifact : Artifact
{
    /// <summary>Where to download from: http, https or file.</summary>
    public required string Url { get; init; }

    /// <summary>Other places with the same content, tried in this order after <see cref="Url"/>.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>What the content must hash to; null only where unverified files are allowed or a lock file knows it.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>Absolute path on the node, or null when the file only belongs into the cache.</summary>
    public string? Destination { get; init; }

    /// <summary>Owner on the node (a user name), or null to leave it.</summary>
    public string? Owner { get; init; }

    /// <summary>Permission bits on the node as octal digits, such as <c>0755</c>, or null to leave them.</summary>
    public string? Mode { get; init; }

    /// <summary>Whether the file is an archive to be unpacked beside itself on the node.</summary>
    public bool Unarchive { get; init; }

    /// <summary>More options for tar, such as <c>--strip-components=1</c>.</summary>
    public IReadOnlyList<string> UnarchiveExtraOptions { get; init; } = [];

    /// <summary>User name for the URL's server, or null.</summary>
    public string? Username { get; init; }

    /// <summary>Password for the URL's server, or null.</summary>
    public Secret? Password { get; init; }

    /// <summary>Whether the credentials are sent without being asked for.</summary>
    public bool ForceBasicAuthentication { get; init; }

    /// <summary>How long the server may take to answer, or null for the default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc/>
    public override string ContentKey => Checksum is Checksum.Known known ? $"file:{known.Digest}" : $"file:{Url}";

    /// <inheritdoc/>
    public override bool IsPinned => Checksum is Checksum.Known;

    /// <inheritdoc/>
    public override string Title => Uri.TryCreate(Url, UriKind.Absolute, out var uri) ? Path.GetFileName(uri.LocalPath) : Url;
}

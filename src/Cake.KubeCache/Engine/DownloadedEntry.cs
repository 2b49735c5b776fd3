using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine;

/// <summary>As much as a comparison with a node needs: an image's layers are not in it.</summary>
internal sealed record DownloadedEntry(string Digest, long Size, string Source, DateTimeOffset At, string? Config, string? MediaType, string? Resolved)
{
    /// <summary>Of a content.</summary>
    public static DownloadedEntry From(StoredArtifact a) => new(a.Digest.ToString(), a.Size, a.Source, a.FetchedAt, a.Image?.Config.Digest.ToString(), a.Image?.MediaType, a.Resolved?.ToString());

    /// <summary>As a content again.</summary>
    public StoredArtifact ToArtifact(string key) => new()
    {
        ContentKey = key,
        Digest = Model.Digest.Parse(Digest),
        Resolved = Resolved is null ? null : Model.Digest.Parse(Resolved),
        Size = Size,
        Source = Source,
        FetchedAt = At,
        Image = Config is null ? null : new ImageContent(MediaType!, 0, new BlobDescriptor(MediaTypes.OciConfig, Model.Digest.Parse(Config), 0), []),
    };
}

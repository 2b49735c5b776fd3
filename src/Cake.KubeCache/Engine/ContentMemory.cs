using System.Collections.Concurrent;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine;

/// <summary>
/// What contents turned out to be that nodes downloaded for themselves: the store has no entry of them, and a later run is to tell without asking
/// a registry whether a node is up to date. It is kept beside the store; a memory that cannot be read or written is no memory.
/// </summary>
internal sealed class ContentMemory(string directory)
{
    private readonly string _path = Path.Combine(directory, "nodes", "downloaded.json");
    private readonly ConcurrentDictionary<string, StoredArtifact> _added = new(StringComparer.Ordinal);

    /// <summary>What is known, by content key.</summary>
    public IReadOnlyDictionary<string, StoredArtifact> Recall()
    {
        try
        {
            using var stream = File.OpenRead(_path);
            return JsonSerializer.Deserialize<Dictionary<string, Entry>>(stream)?.ToDictionary(e => e.Key, e => e.Value.ToArtifact(e.Key), StringComparer.Ordinal) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return new Dictionary<string, StoredArtifact>();
        }
    }

    /// <summary>Notes what a content is now.</summary>
    public void Note(StoredArtifact artifact) => _added[artifact.ContentKey] = artifact;

    /// <summary>Keeps what was noted, if anything was.</summary>
    public void Keep()
    {
        if (_added.IsEmpty)
        {
            return;
        }

        var all = new Dictionary<string, StoredArtifact>(Recall(), StringComparer.Ordinal);
        foreach (var (key, artifact) in _added)
        {
            all[key] = artifact;
        }

        var temporary = $"{_path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(all.ToDictionary(a => a.Key, a => Entry.From(a.Value))));
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }

    /// <summary>As much as a comparison with a node needs: an image's layers are not in it.</summary>
    private sealed record Entry(string Digest, long Size, string Source, DateTimeOffset At, string? Config, string? MediaType)
    {
        public static Entry From(StoredArtifact a) => new(a.Digest.ToString(), a.Size, a.Source, a.FetchedAt, a.Image?.Config.Digest.ToString(), a.Image?.MediaType);

        public StoredArtifact ToArtifact(string key) => new()
        {
            ContentKey = key,
            Digest = Model.Digest.Parse(Digest),
            Size = Size,
            Source = Source,
            FetchedAt = At,
            Image = Config is null ? null : new ImageContent(MediaType!, 0, new BlobDescriptor(MediaTypes.OciConfig, Model.Digest.Parse(Config), 0), []),
        };
    }
}

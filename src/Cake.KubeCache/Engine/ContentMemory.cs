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
        if (!File.Exists(_path))
        {
            return new Dictionary<string, StoredArtifact>();
        }

        try
        {
            using var stream = File.OpenRead(_path);
            return JsonSerializer.Deserialize(stream, MemoryJson.Default.DictionaryStringDownloadedEntry)?.ToDictionary(e => e.Key, e => e.Value.ToArtifact(e.Key), StringComparer.Ordinal) ?? [];
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
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(all.ToDictionary(a => a.Key, a => DownloadedEntry.From(a.Value)), MemoryJson.Default.DictionaryStringDownloadedEntry));
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }
}

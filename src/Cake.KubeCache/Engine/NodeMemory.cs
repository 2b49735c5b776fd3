using System.Collections.Concurrent;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine;

/// <summary>
/// What the last probe of each node found, kept beside the store, so that a plan without a connection knows the node's
/// architecture and what it had. It is a memory, never a proof: a run that changes a node probes it.
/// </summary>
internal sealed class NodeMemory(string directory)
{
    private readonly string _directory = Path.Combine(directory, "nodes");

    // A plan asks for each host many times.
    private readonly ConcurrentDictionary<string, NodeFacts?> _recalled = new(StringComparer.Ordinal);

    /// <summary>The remembered facts, or null when there are none or they cannot be read.</summary>
    public NodeFacts? Recall(string node) => _recalled.GetOrAdd(node, Read);

    private NodeFacts? Read(string node)
    {
        var path = PathOf(node);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, MemoryJson.Default.NodeDocument) is { Schema: NodeDocument.Current } document ? document.ToFacts(node) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            // A memory that cannot be read is no memory: the plan says "not probed" instead.
            return null;
        }
    }

    /// <summary>Keeps what a probe found. A cache that cannot be written to keeps nothing.</summary>
    public void Keep(NodeFacts facts)
    {
        var path = PathOf(facts.Node);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(_directory);
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(NodeDocument.From(facts), MemoryJson.Default.NodeDocument));
            File.Move(temporary, path, overwrite: true);
            _recalled[facts.Node] = facts;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }

    // Inventory names may hold anything; escaping keeps them apart and inside the folder.
    private string PathOf(string node) => Path.Combine(_directory, Uri.EscapeDataString(node).Replace(".", "%2E", StringComparison.Ordinal) + ".json");
}

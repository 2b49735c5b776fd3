using Cake.KubeCache.Model;

namespace Cake.KubeCache.Execution;

/// <summary>A checked set of work items: keys are unique, needs exist, nothing waits for itself.</summary>
internal sealed class WorkGraph
{
    /// <summary>Checks and keeps the items.</summary>
    /// <exception cref="KubeCacheException">A key twice, an unknown need, or a cycle (which it prints).</exception>
    public WorkGraph(IEnumerable<WorkItem> items)
    {
        var byKey = new Dictionary<string, WorkItem>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (!byKey.TryAdd(item.Key, item))
            {
                throw Broken($"the work item '{item.Key}' is declared twice");
            }
        }

        foreach (var item in byKey.Values)
        {
            if (item.Needs.FirstOrDefault(n => !byKey.ContainsKey(n)) is { } missing)
            {
                throw Broken($"the work item '{item.Key}' needs '{missing}', which does not exist");
            }
        }

        Items = byKey;
        RequireAcyclic();
    }

    /// <summary>Items by key, in the order of declaration.</summary>
    public IReadOnlyDictionary<string, WorkItem> Items { get; }

    // Kahn's algorithm: without recursion, a chain of any length is fine.
    private void RequireAcyclic()
    {
        var waits = Items.Values.ToDictionary(i => i.Key, i => i.Needs.Distinct().Count(), StringComparer.Ordinal);
        var followers = Items.Values.SelectMany(i => i.Needs.Distinct().Select(n => (n, i.Key))).ToLookup(p => p.n, p => p.Key, StringComparer.Ordinal);
        var ready = new Queue<string>(waits.Where(w => w.Value == 0).Select(w => w.Key));
        var left = Items.Count;
        while (ready.TryDequeue(out var key))
        {
            left--;
            foreach (var follower in followers[key])
            {
                if (--waits[follower] == 0)
                {
                    ready.Enqueue(follower);
                }
            }
        }

        if (left > 0)
        {
            throw Broken($"work items wait for each other: {string.Join(" -> ", FindCycle(waits))}");
        }
    }

    private List<string> FindCycle(Dictionary<string, int> waits)
    {
        var path = new List<string> { waits.First(w => w.Value > 0).Key };
        while (true)
        {
            var next = Items[path[^1]].Needs.First(n => waits[n] > 0);
            var seen = path.IndexOf(next);
            path.Add(next);
            if (seen >= 0)
            {
                return path[seen..];
            }
        }
    }

    private static KubeCacheException Broken(string what) => new(ErrorKind.Input, new Fault(what));
}

using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine.Fanout;

/// <summary>
/// Who gets a content from whom: the first node that wants it is sent it, and every node that has it passes it on to some others at a time. It only
/// decides; others carry it out and tell how it went.
/// </summary>
/// <param name="passes">To how many neighbours a node passes on at a time; at least 1.</param>
internal sealed class Swarm(int passes)
{
    /// <summary>After so many neighbours in vain a node is sent everything: the others cannot reach it.</summary>
    private const int Patience = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, Content> _contents = [];
    private readonly Dictionary<string, int> _passing = new(StringComparer.Ordinal);
    private readonly HashSet<(string From, string To)> _failed = [];
    private readonly HashSet<string> _reached = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = New();

    /// <summary>Waits until the node can have a content from somewhere.</summary>
    /// <returns>The turn; it has to be ended.</returns>
    public async Task<SwarmTurn> NextAsync(Digest digest, string node, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Choose(digest, node) is { } turn)
                {
                    return turn;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private SwarmTurn? Choose(Digest digest, string node)
    {
        if (!_contents.TryGetValue(digest, out var content))
        {
            _contents[digest] = content = new Content();
        }

        var alone = !_reached.Contains(node) && _failed.Count(f => f.To == node) >= Patience;
        var holders = alone ? [] : content.Holders.Where(h => !_failed.Contains((h, node))).ToList();
        if (holders.Where(h => Passing(h) < passes).MinBy(Passing) is { } from)
        {
            _passing[from] = Passing(from) + 1;
            content.Arriving++;
            return new SwarmTurn(from, (arrived, passesOn) => End(content, from, node, arrived, passesOn));
        }

        // While it is on its way to somebody, the line is left to other contents.
        if (alone || (holders.Count == 0 && content.Arriving == 0))
        {
            content.Arriving++;
            return new SwarmTurn(null, (arrived, passesOn) => End(content, null, node, arrived, passesOn));
        }

        return null;
    }

    private void End(Content content, string? from, string node, bool arrived, bool passesOn)
    {
        lock (_gate)
        {
            content.Arriving--;
            if (from is not null)
            {
                _passing[from]--;
                _ = arrived ? _reached.Add(node) : _failed.Add((from, node));
            }

            if (arrived && passesOn)
            {
                content.Holders.Add(node);
            }

            _changed.SetResult();
            _changed = New();
        }
    }

    private int Passing(string node) => _passing.GetValueOrDefault(node);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Content
    {
        public HashSet<string> Holders { get; } = new(StringComparer.Ordinal);

        public int Arriving { get; set; }
    }
}

/// <summary>One content's way to one node.</summary>
/// <param name="from">The neighbour that passes it on; null when it is sent from here.</param>
/// <param name="end">Takes whether it arrived, and whether the node can pass it on.</param>
internal sealed class SwarmTurn(string? from, Action<bool, bool> end)
{
    /// <summary>The neighbour that passes it on; null when it is sent from here.</summary>
    public string? From { get; } = from;

    /// <summary>Tells how it went; once.</summary>
    /// <param name="arrived">Whether the node has it now.</param>
    /// <param name="passesOn">Whether the node can pass it on.</param>
    public void End(bool arrived, bool passesOn) => end(arrived, passesOn);
}

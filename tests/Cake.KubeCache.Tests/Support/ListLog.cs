using System.Collections.Concurrent;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Tests.Support;

/// <summary>Keeps the lines of a run.</summary>
internal sealed class ListLog : IRunLog
{
    private readonly ConcurrentQueue<string> _lines = new();

    public bool Interactive => false;

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Information(string line) => _lines.Enqueue(line);

    public void Verbose(string line) => _lines.Enqueue("verbose: " + line);

    public void Warning(string line) => _lines.Enqueue("warning: " + line);

    public void Error(string line) => _lines.Enqueue("error: " + line);
}

using Build.Upstream;
using Cake.KubeCache;

namespace Build.Tasks.Provisioning;

/// <summary>What is provisioned when no inventory is named: three nodes on this machine, from an upstream inside this process.</summary>
public sealed class Quickstart(Repository repository) : IAsyncDisposable, IDisposable
{
    private QuickstartUpstream? _upstream;

    /// <summary>Completes settings that name no inventory.</summary>
    public void Complete(KubeCacheSettings settings)
    {
        _upstream = QuickstartUpstream.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        settings.Inventories.Add(repository.Quickstart.Combine("inventory").CombineWithFilePath("hosts.ini").FullPath);
        settings.LockFile ??= repository.Root.Combine(".kubecache").CombineWithFilePath("kubecache.lock.yml");
        settings.Catalogue ??= repository.Quickstart.Combine("catalogue").FullPath;

        // First, so that the caller's own variables win.
        foreach (var variable in _upstream.Sets.Reverse())
        {
            settings.Variables.Insert(0, variable);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _upstream?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}

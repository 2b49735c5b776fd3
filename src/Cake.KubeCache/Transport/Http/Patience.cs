namespace Cake.KubeCache.Transport.Http;

/// <summary>Ends short exchanges that take too long.</summary>
internal static class Patience
{
    /// <summary>Runs an exchange of some kilobytes.</summary>
    /// <param name="timeout">How long it may take in all.</param>
    /// <param name="asking">What it is, for the message.</param>
    /// <param name="exchange">The exchange.</param>
    /// <param name="cancellationToken">The caller's own end of it.</param>
    /// <exception cref="Model.KubeCacheException">It took too long (<see cref="Model.ErrorKind.Retry"/>).</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan timeout, Asking asking, Func<CancellationToken, Task<T>> exchange, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        try
        {
            return await exchange(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFaults.Stalled(asking.Url, asking.What, timeout);
        }
    }
}

/// <summary>What is asked of whom, for messages.</summary>
internal sealed record Asking(Uri Url, string What);

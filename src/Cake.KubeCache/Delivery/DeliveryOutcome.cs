namespace Cake.KubeCache.Delivery;

/// <summary>What bringing one artifact to one node took.</summary>
/// <param name="BytesSent">Content bytes that went over the connection, before its encryption.</param>
/// <param name="Changed">Whether anything on the node was changed.</param>
/// <param name="Notes">What is worth telling, such as a fallback to a whole archive.</param>
internal sealed record DeliveryOutcome(long BytesSent, bool Changed, IReadOnlyList<string> Notes)
{
    /// <summary>The node had it already.</summary>
    public static DeliveryOutcome Nothing { get; } = new(0, false, []);
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cake.KubeCache.Delivery.Neighbours;

/// <summary>
/// A key pair of one run, with which its nodes log in to each other: the private key is in this process and in the memory of the nodes' agents alone,
/// the public one is good for nothing but putting contents into a folder, and is taken away at the end.
/// </summary>
/// <param name="PrivatePem">The private key as an agent takes it (SEC 1, PEM).</param>
/// <param name="Public">The public key as in authorized_keys: type and base64 (RFC 5656, section 3.1).</param>
internal sealed record NeighbourKey(string PrivatePem, string Public)
{
    private const string Curve = "nistp256";
    private const string Type = "ecdsa-sha2-" + Curve;

    /// <summary>Makes a new one.</summary>
    public static NeighbourKey Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        byte[] blob = [.. Text(Encoding.ASCII.GetBytes(Type)), .. Text(Encoding.ASCII.GetBytes(Curve)), .. Text([4, .. point.X!, .. point.Y!])];
        return new NeighbourKey(key.ExportECPrivateKeyPem(), $"{Type} {Convert.ToBase64String(blob)}");
    }

    /// <inheritdoc/>
    public override string ToString() => Public;

    private static byte[] Text(byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. content];
    }
}

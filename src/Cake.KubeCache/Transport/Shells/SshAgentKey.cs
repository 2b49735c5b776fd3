using Renci.SshNet;
using Renci.SshNet.Security;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Lets SSH.NET log in with a key that never leaves the agent.</summary>
internal sealed class SshAgentKey(SshAgent agent, SshAgentIdentity identity) : IPrivateKeySource
{
    /// <inheritdoc/>
    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = identity.KeyType == "ssh-rsa"
        ? [new AgentAlgorithm("rsa-sha2-512", agent, identity.Blob, 4), new AgentAlgorithm("rsa-sha2-256", agent, identity.Blob, 2)]
        : [new AgentAlgorithm(identity.KeyType, agent, identity.Blob, 0)];

    private sealed class AgentAlgorithm(string name, SshAgent agent, byte[] blob, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => blob;

        public override byte[] Sign(byte[] data) => agent.Sign(blob, data, flags);

        public override bool VerifySignature(byte[] data, byte[] signature) =>
            throw new NotSupportedException("an agent's key signs; it verifies nothing");
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>A key that an SSH agent holds.</summary>
/// <param name="Blob">The public key blob.</param>
/// <param name="KeyType">Such as <c>ssh-ed25519</c>.</param>
/// <param name="Comment">What the agent calls it.</param>
internal sealed record SshAgentIdentity(byte[] Blob, string KeyType, string Comment);

/// <summary>A client of an SSH agent (draft-ietf-sshm-ssh-agent: requests 11 and 13).</summary>
/// <remarks>Calls block, because SSH.NET signs synchronously; the socket is local and answers are short.</remarks>
internal sealed class SshAgent(string socketPath)
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const int AnswerLimit = 256 << 10;

    /// <summary>The keys that the agent offers.</summary>
    /// <exception cref="IOException">No agent answers, or it answers something else.</exception>
    public IReadOnlyList<SshAgentIdentity> List()
    {
        var answer = new Reader(Call(RequestIdentities, []), IdentitiesAnswer);
        var count = answer.Number();
        var identities = new List<SshAgentIdentity>();
        for (var i = 0; i < count; i++)
        {
            var blob = answer.Text();
            var comment = Encoding.UTF8.GetString(answer.Text());
            identities.Add(new SshAgentIdentity(blob, Encoding.ASCII.GetString(new Reader(blob).Text()), comment));
        }

        return identities;
    }

    /// <summary>A signature blob (format and signature, RFC 4253 section 6.6) over the data.</summary>
    /// <param name="blob">Public key blob of the key to sign with.</param>
    /// <param name="data">What to sign.</param>
    /// <param name="flags">2 for rsa-sha2-256, 4 for rsa-sha2-512, else 0.</param>
    /// <exception cref="IOException">The agent refused, or does not answer.</exception>
    public byte[] Sign(byte[] blob, byte[] data, uint flags)
    {
        var body = new byte[4 + blob.Length + 4 + data.Length + 4];
        BinaryPrimitives.WriteUInt32BigEndian(body, (uint)blob.Length);
        blob.CopyTo(body, 4);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4 + blob.Length), (uint)data.Length);
        data.CopyTo(body, 8 + blob.Length);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(8 + blob.Length + data.Length), flags);
        return new Reader(Call(SignRequest, body), SignResponse).Text();
    }

    private byte[] Call(byte type, byte[] body)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            // A locked agent or a hardware token may wait for its owner, but not for ever.
            socket.ReceiveTimeout = socket.SendTimeout = 30_000;
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            using var stream = new NetworkStream(socket);
            var request = new byte[5 + body.Length];
            BinaryPrimitives.WriteUInt32BigEndian(request, (uint)(1 + body.Length));
            request[4] = type;
            body.CopyTo(request, 5);
            stream.Write(request);
            var head = new byte[4];
            stream.ReadExactly(head);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length is 0 or > AnswerLimit)
            {
                throw new IOException($"the agent at {socketPath} announced an answer of {length} bytes");
            }

            var answer = new byte[length];
            stream.ReadExactly(answer);
            return answer;
        }
        catch (SocketException e)
        {
            throw new IOException($"no agent answers at {socketPath}: {e.Message}", e);
        }
    }

    private ref struct Reader
    {
        private readonly byte[] _bytes;
        private int _at;

        public Reader(byte[] bytes) => _bytes = bytes;

        public Reader(byte[] answer, byte expected)
        {
            if (answer[0] != expected)
            {
                throw new IOException($"the agent answered {answer[0]}, not {expected}: it refused");
            }

            (_bytes, _at) = (answer, 1);
        }

        public uint Number()
        {
            if (_bytes.Length - _at < 4)
            {
                throw new IOException("the agent's answer ends early");
            }

            _at += 4;
            return BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_at - 4));
        }

        public byte[] Text()
        {
            var length = Number();
            if (length > _bytes.Length - _at)
            {
                throw new IOException("the agent's answer ends early");
            }

            _at += (int)length;
            return _bytes[(_at - (int)length).._at];
        }
    }
}
